import * as z from 'zod';
import type { Instant } from '../instant.ts';
import { matches } from '../pipelines/pattern.ts';
import type { PipelineKey } from '../ports/pipeline-watches.ts';

/** Nobody is told of these pipelines for a time: a planned maintenance, a known trouble. Incidents open all the same. */
export const silenceSchema = z.strictObject({
  id: z.string(),
  /** The name of a pipeline, or a pattern. */
  pattern: z.string().min(1),
  environment: z.string().optional(),
  from: z.string(),
  until: z.string(),
  who: z.string(),
  why: z.string().min(1),
});
export type Silence = z.output<typeof silenceSchema>;

/** The silence that covers a pipeline at this moment. */
export const silenceOf = (
  silences: readonly Silence[],
  { environment, process_name }: PipelineKey,
  now: Instant,
): Silence | undefined =>
  silences.find(
    (each) =>
      each.from <= now &&
      now < each.until &&
      matches(each.pattern, process_name) &&
      (each.environment === undefined || each.environment === environment),
  );
