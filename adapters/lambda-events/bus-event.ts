import * as z from 'zod';
import { type Instant, parseInstant } from '../../core/instant.ts';
import { expected } from './expected.ts';

/** A turn of the clock. */
export interface ScheduledTurn {
  /** The time it was meant for; absent when the sender does not tell. */
  readonly scheduled_for?: Instant | undefined;
  /** What else the schedule's input says, as it got. */
  readonly input: Readonly<Record<string, unknown>>;
}

/** An event of a bus: another stage has done its part, say. */
export interface BusEvent<Detail> {
  readonly id: string;
  readonly source: string;
  readonly detail_type: string;
  readonly time: Instant;
  readonly detail: Detail;
}

/** Put this into the input of a schedule: the service replaces it with the time of the turn. */
export const SCHEDULED_TIME = '<aws.scheduler.scheduled-time>';

const turn = z.looseObject({ scheduled_for: z.string().optional(), time: z.string().optional() });

/**
 * What a schedule sends: our own input, EventBridge's scheduled event, or nothing. A time that was not filled in, as
 * when a person invokes the function with the schedule's own input, counts as not told.
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

/** An event of a bus whose detail is as the schema says. */
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
