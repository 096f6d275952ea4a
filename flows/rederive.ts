import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { catchUp, type StatementLimits } from './catch-up.ts';
import { trackRecorded } from './track-object.ts';

/** What a rebuild derives from, and into. */
export interface RederivePorts {
  readonly store: ObjectStore;
  /** An empty live store, and empty tables: not the real ones. */
  readonly live: LiveStore;
  readonly engine: QueryEngine;
  readonly clock: Clock;
  readonly limits: StatementLimits;
}

/** Builds runs and tables from raw lines alone: every object under the prefix goes through all stages. Returns their keys. */
export async function rederiveObjects(
  { store, live, engine, clock, limits }: RederivePorts,
  prefix: string,
): Promise<readonly string[]> {
  const objects: string[] = [];
  for await (const { key, size_bytes } of store.list(prefix)) {
    await live.recordObjects([{ object: key, size_bytes }]);
    objects.push(key);
  }
  await trackRecorded(store, live);
  // A rebuild never notifies.
  await catchUp({ engine, live, clock, store, sink: nowhere, limits, alerts: 'elsewhere' });
  return objects;
}

/** Lines that accept did not write were sent to accept when compaction first found them; they are in other objects now. */
const nowhere: EventSink = { send: async () => ({ received: 0, accepted: 0, rejected: 0 }) };
