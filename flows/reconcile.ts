import { dateOf, epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import { rawFolder } from '../core/object-keys.ts';
import { LOST_AFTER_SECONDS, waitedSeconds } from '../core/objects/waiting.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { type EvaluatePorts, evaluateRuns } from './evaluate.ts';
import { forgottenObjects, recordForgotten } from './forget.ts';
import { trackObject } from './track-object.ts';

/** The bucket, the records of its objects, and what judges pipelines. */
export interface ReconcilePorts extends EvaluatePorts {
  readonly store: ObjectStore;
  readonly live: LiveStore;
}

/** What comparing found. */
export interface Found {
  /** Objects in the bucket that were not recorded: no notification of them came. */
  readonly found_objects: number;
  /** Of these and of those that were recorded only, how many are tracked now. */
  readonly tracked: number;
  readonly errors: readonly unknown[];
}

const DAYS_BACK = 3;

/** The next day takes the rest. */
const UNTRACKED_AT_ONCE = 1000;

/** Compares the bucket of the last days with the records, and takes in what is missing or was never tracked. */
export async function reconcileObjects(ports: ReconcilePorts, now: Instant): Promise<Found> {
  const { store, live } = ports;
  const lost: { key: string; size_bytes: number }[] = [];
  let forgotten: ReadonlySet<string> | undefined;
  for (let days = 0; days < DAYS_BACK; days++) {
    const day = dateOf(instantOf(epochMsOf(now) - days * 86_400_000));
    for await (const object of store.list(rawFolder(day))) {
      const isDue = waitedSeconds(object.key, now) >= LOST_AFTER_SECONDS;
      if (!isDue || (await live.hasObject(object.key))) continue;
      forgotten ??= await forgottenObjects(store);
      if (forgotten.has(object.key)) await recordForgotten(live, { object: object.key, size_bytes: object.size_bytes });
      else lost.push(object);
    }
  }
  const recorded = await live.objectsAt('recorded', { maxObjects: UNTRACKED_AT_ONCE });
  const untracked = recorded.filter(({ object }) => waitedSeconds(object, now) >= LOST_AFTER_SECONDS);
  const errors: unknown[] = [];
  let tracked = 0;
  for (const object of [...lost, ...untracked.map(({ object: key, size_bytes }) => ({ key, size_bytes }))]) {
    try {
      const { transitions, parked, failures } = await trackObject(store, live, object);
      if (parked !== undefined) errors.push(parked);
      errors.push(...failures);
      errors.push(...(await evaluateRuns(ports, transitions, now)).failures);
      tracked += 1;
    } catch (error) {
      errors.push(error);
    }
  }
  return { found_objects: lost.length, tracked, errors };
}
