import type { Instant } from '../core/instant.ts';
import { secondsSince } from '../core/objects/waiting.ts';
import type { LiveStore } from '../core/ports/live-store.ts';

/** How far the history lane is behind. */
export interface Lag {
  /** How long the tracked object that has waited longest has waited to be compacted. */
  readonly compaction_lag_seconds: number;
  /** How long the compacted object that has waited longest has waited to be summarized. */
  readonly summary_lag_seconds: number;
  readonly parked_objects: number;
}

/** Measures the lag from the marks of the objects alone: no stage has to work for it. */
export async function lagOf(live: LiveStore, now: Instant): Promise<Lag> {
  const [tracked, compacted, parked] = await Promise.all([
    live.waitingAt('tracked'),
    live.waitingAt('compacted'),
    live.waitingAt('parked'),
  ]);
  return {
    compaction_lag_seconds: secondsSince(tracked.since, now),
    summary_lag_seconds: secondsSince(compacted.since, now),
    parked_objects: parked.objects,
  };
}
