import * as z from 'zod';
import { type Instant, parseInstant } from '../../core/instant.ts';
import { expected } from './expected.ts';

/** One invocation by a schedule. */
export interface ScheduledTurn {
  /** The time it was scheduled for; absent when the input has none. */
  readonly scheduled_for?: Instant | undefined;
  /** The other fields of the schedule's input, unchanged. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** An event of an EventBridge bus. */
export interface BusEvent<Detail> {
  readonly id: string;
  readonly source: string;
  readonly detail_type: string;
  readonly time: Instant;
  readonly detail: Detail;
}

/** Put this into the input of a schedule: EventBridge Scheduler replaces it with the scheduled time. */
export const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

const turn = z.looseObject({ scheduled_for: z.string().optional(), time: z.string().optional() });

/**
 * Reads the input of a schedule: our own input, EventBridge's scheduled event, or nothing. A placeholder that the service
 * did not replace, as when a person invokes the function by hand, counts as no time. Throws for any other input.
 */
export function readTurn(event: unknown): ScheduledTurn {
  const { scheduled_for, ...input } = expected(turn, 'the input of a schedule', event ?? {});
  return { scheduled_for: instantIn(scheduled_for ?? input.time), input };
}

const bus = z.object({
  id: z.string(),
  source: z.string(),
  'detail-type': z.string(),
  time: z.string(),
  detail: z.unknown(),
});

/** Reads an event of a bus, its detail by the schema. Throws when either differs. */
export function readBusEvent<Schema extends z.ZodType>(event: unknown, detail: Schema): BusEvent<z.output<Schema>> {
  const got = expected(bus, 'an event of a bus', event);
  const time = instantIn(got.time);
  if (time === undefined)
    throw new Error(`Expected an event of a bus with its time, got ${JSON.stringify(got.time)}. Send it as ISO 8601.`);
  return {
    id: got.id,
    source: got.source,
    detail_type: got['detail-type'],
    time,
    detail: expected(detail, `the detail of ${got['detail-type']} from ${got.source}`, got.detail),
  };
}

const instantIn = (text: string | undefined): Instant | undefined => parseInstant(text, 'UTC')?.instant;
