import { errorMessage } from '../core/error-message.ts';
import { parked } from '../core/objects/object-change.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { EngineUnavailableError, type QueryEngine } from '../core/ports/query-engine.ts';
import { catchUp, eachStage, type StatementLimits } from './catch-up.ts';
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

/**
 * Builds runs and tables from raw lines alone: every object under the prefix goes through all stages, or is
 * parked with the reason. Returns their keys.
 */
export async function rederiveObjects(
  { store, live, engine, clock, limits }: RederivePorts,
  prefix: string,
): Promise<readonly string[]> {
  const objects: string[] = [];
  for await (const { key, size_bytes } of store.list(prefix)) {
    await live.recordObjects([{ object: key, size_bytes }]);
    objects.push(key);
  }
  const ports = { engine, live, clock, store, sink: nowhere, limits, withoutChanges: true };
  for (let tries = 1; ; tries++) {
    try {
      await eachStage([() => trackRecorded(store, live), () => catchUp(ports)]);
      return objects;
    } catch (error) {
      if (error instanceof EngineUnavailableError) throw error;
      if (tries === MAX_TRIES) await parkUntaken(live, error);
      if (tries > MAX_TRIES) throw error;
    }
  }
}

/** As often as compaction takes a list that fails before it looks for the bad object in it. */
const MAX_TRIES = 3;

/** What could not be taken by now is left out, and named: an object that cannot be read must not keep the others from being rebuilt. */
async function parkUntaken(live: LiveStore, why: unknown): Promise<void> {
  const untaken = [...(await live.objectsAt('recorded', {})), ...(await live.objectsAt('tracked', {}))];
  await live.changeObjects(
    untaken.map(({ object }) => object),
    parked(errorMessage(why)),
  );
}

/** Lines that accept did not write were sent to accept when compaction first found them; they are in other objects now. */
const nowhere: EventSink = { send: async () => ({ received: 0, accepted: 0, rejected: 0 }) };
