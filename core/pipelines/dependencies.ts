import type { PipelineKey } from '../ports/pipeline-watches.ts';
import { type Expectations, expectationFor } from './expectations.ts';
import { matches } from './pattern.ts';

/** So that a file with everything depending on everything costs no more. */
const MAX_NAMES = 50;

/** The pipelines that one depends on, and those that these depend on, the nearest first. */
export function upstreamNames(
  expectations: Expectations,
  { environment, process_name }: PipelineKey,
): readonly string[] {
  const found = new Set<string>([process_name]);
  for (const name of found)
    for (const next of expectationFor(expectations, environment, name).depends_on ?? [])
      if (found.size <= MAX_NAMES) found.add(next);
  return [...found].slice(1);
}

/** The pipelines and patterns of the file that depend on one, and those that depend on these: what waits for it. */
export function downstreamNames(
  { pipelines }: Expectations,
  { environment, process_name }: PipelineKey,
): readonly string[] {
  const found = new Set<string>([process_name]);
  for (const name of found)
    for (const each of pipelines) {
      if (each.environment !== undefined && each.environment !== environment) continue;
      const waits = each.depends_on?.some((upstream) => upstream === name || matches(name, upstream)) ?? false;
      if (waits && found.size <= MAX_NAMES) found.add(each.pattern);
    }
  return [...found].slice(1);
}
