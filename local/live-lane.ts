import type { LiveStore } from '../core/ports/live-store.ts';
import { type ObjectTracking, startTracking } from '../flows/track.ts';
import type { FromIngest } from './ingest-protocol.ts';

type Told = Extract<FromIngest, { kind: 'runs' | 'sealed' }>;

export interface LiveLane {
  take(message: Told): void;
  /** Batches that wait to be merged into the live runs. */
  waiting(): number;
  /** Resolves when everything taken so far is merged and marked. */
  drain(): Promise<void>;
}

/**
 * Tracks the batches of a segment as they land, in order, and marks its object once it is sealed.
 *
 * On AWS an object is recorded before its events are merged; here it is recorded after. The size and the lines of a
 * segment are known only when it is sealed, and the history lane reads every object that is recorded and not tracked: it
 * would read a part of an open segment and mark it tracked. Nothing is lost by it: a segment that is not sealed when the
 * ledger stops is recorded and tracked from its file at the next start, and merging twice changes nothing.
 */
export function startLiveLane(live: LiveStore, onSealed: () => void, onError: (error: unknown) => void): LiveLane {
  const open = new Map<string, ObjectTracking>();
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;

  async function merge({ object, runs, event_dates }: Extract<Told, { kind: 'runs' }>): Promise<void> {
    const tracking = open.get(object) ?? startTracking(live);
    open.set(object, tracking);
    await tracking.merge({ runs, event_dates });
  }

  async function seal({ object, lines, size_bytes }: Extract<Told, { kind: 'sealed' }>): Promise<void> {
    const tracking = open.get(object);
    open.delete(object);
    await live.recordObjects([{ object, lines, size_bytes }]);
    await tracking?.mark(object);
    onSealed();
  }

  return {
    take: (message) => {
      waiting += 1;
      last = last
        .then(() => (message.kind === 'runs' ? merge(message) : seal(message)))
        .catch(onError)
        .finally(() => {
          waiting -= 1;
        });
    },
    waiting: () => waiting,
    drain: () => last,
  };
}
