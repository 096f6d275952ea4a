import { epochMsOf, type Instant } from '../core/instant.ts';
import type { LiveStore } from '../core/ports/live-store.ts';

/** An alarm asks whether there are any; nobody needs to know that there are more than this. */
const MOST_PARKED = 100;

/** How long the oldest object has waited at each stage, at least, and how many are parked: two reads and a few. */
export async function lagOf(live: LiveStore, now: Instant) {
  const [tracked] = await live.objectsAt('tracked', { maxObjects: 1 });
  const [compacted] = await live.objectsAt('compacted', { maxObjects: 1 });
  const parked = await live.objectsAt('parked', { maxObjects: MOST_PARKED });
  return {
    compaction_lag_seconds: waitedSeconds(tracked?.object, now),
    summary_lag_seconds: waitedSeconds(compacted?.object, now),
    parked_objects: parked.length,
  };
}

/** From the end of the hour in its key; an object of the present hour has not waited. */
export function waitedSeconds(object: string | undefined, now: Instant): number {
  const [, date, hour] = /dt=(\d{4}-\d{2}-\d{2})\/hh=(\d{2})\//.exec(object ?? '') ?? [];
  if (date === undefined) return 0;
  const hourEndMs = epochMsOf(`${date}T${hour}:00:00.000Z`) + 3_600_000;
  return Math.max(0, Math.floor((epochMsOf(now) - hourEndMs) / 1000));
}
