import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { tick } from './tick.ts';
import { trackRecorded } from './track-object.ts';

export interface RederivePorts {
  readonly store: ObjectStore;
  /** An empty live store, and empty tables: not the real ones. */
  readonly live: LiveStore;
  readonly engine: QueryEngine;
  readonly clock: Clock;
}

/** Builds runs and tables from raw lines alone: every object under the prefix goes through all stages. Returns their keys. */
export async function rederiveObjects(
  { store, live, engine, clock }: RederivePorts,
  prefix: string,
): Promise<readonly string[]> {
  const objects: string[] = [];
  for await (const { key, size_bytes } of store.list(prefix)) {
    await live.recordObjects([{ object: key, size_bytes }]);
    objects.push(key);
  }
  await trackRecorded(store, live);
  await tick({ engine, live, clock, store, sink: nowhere });
  return objects;
}

/** Lines that accept did not write were sent to accept when compaction first found them; they are in other objects now. */
const nowhere: EventSink = { send: async () => ({ received: 0, accepted: 0, rejected: 0 }) };
