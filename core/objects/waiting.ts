import { epochMsOf, type Instant } from '../instant.ts';
import type { Stage } from './data-object.ts';

/** Seconds that an object has waited, from the end of the hour in its key; 0 within that hour, and without a key. */
export function waitedSeconds(object: string | undefined, now: Instant): number {
  const [, date, hour] = /dt=(\d{4}-\d{2}-\d{2})\/hh=(\d{2})\//.exec(object ?? '') ?? [];
  if (date === undefined) return 0;
  const hourEndMs = epochMsOf(`${date}T${hour}:00:00.000Z`) + 3_600_000;
  return Math.max(0, Math.floor((epochMsOf(now) - hourEndMs) / 1000));
}

/** Whole seconds since then; 0 when there is no moment. */
export const secondsSince = (since: Instant | undefined, now: Instant): number =>
  since === undefined ? 0 : Math.max(0, Math.floor((epochMsOf(now) - epochMsOf(since)) / 1000));

/** Until then the notification of an object may be on its way; an object that is not recorded afterwards is lost. */
export const LOST_AFTER_SECONDS = 3600;

/**
 * A stage is late when an object has waited for it this long, by the stage that the object has reached. Tracking has longer
 * than a message takes to come again after the function that had it was ended: twelve minutes.
 */
export const LATE_AFTER_SECONDS = { recorded: 900, tracked: 3600, compacted: 7200 } as const satisfies Partial<
  Record<Stage, number>
>;
