import type { Instant } from '../core/instant.ts';
import { waitedSeconds } from '../core/objects/waiting.ts';
import type { LiveStore } from '../core/ports/live-store.ts';

/** How far the history lane is behind. */
export interface Lag {
  /** How long the oldest tracked object has waited to be compacted, at least. */
  readonly compaction_lag_seconds: number;
  /** How long the oldest compacted object has waited to be summarized, at least. */
  readonly summary_lag_seconds: number;
  readonly parked_objects: number;
}

/** The alarm asks whether there are any: beyond this number they are not counted. */
const MAX_PARKED = 100;

/** Measures the lag with a read for each stage. */
export async function lagOf(live: LiveStore, now: Instant): Promise<Lag> {
  const [tracked] = await live.objectsAt('tracked', { maxObjects: 1 });
  const [compacted] = await live.objectsAt('compacted', { maxObjects: 1 });
  const parked = await live.objectsAt('parked', { maxObjects: MAX_PARKED });
  return {
    compaction_lag_seconds: waitedSeconds(tracked?.object, now),
    summary_lag_seconds: waitedSeconds(compacted?.object, now),
    parked_objects: parked.length,
  };
}
