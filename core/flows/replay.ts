import type { Clock, LiveStore, ObjectStore, QueryEngine } from '../ports.ts';
import { tick } from './tick.ts';
import { trackRecorded } from './track-object.ts';

export interface ReplayPorts {
  readonly store: ObjectStore;
  /** Empty ones, beside the real ones. */
  readonly live: LiveStore;
  readonly engine: QueryEngine;
  readonly clock: Clock;
}

/** Builds runs and tables from raw lines alone: every object under the prefix, through the same stages as ever. */
export async function replayObjects(
  { store, live, engine, clock }: ReplayPorts,
  prefix: string,
): Promise<readonly string[]> {
  const objects: string[] = [];
  for await (const { key, size_bytes } of store.list(prefix)) {
    await live.recordObjects([{ object: key, lines: 0, size_bytes, event_dates: [] }]);
    objects.push(key);
  }
  await trackRecorded(store, live);
  await tick({ engine, live, clock });
  return objects;
}
