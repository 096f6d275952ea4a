import type { RunTransition } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { Run } from '../core/run/run.ts';
import { type ObjectTracking, startTracking } from '../flows/track.ts';
import type { FromIngest } from './ingest-protocol.ts';
import { retryTimer } from './retry-timer.ts';
import type { Troubles } from './troubles.ts';

type Told = Extract<FromIngest, { kind: 'runs' | 'sealed' }>;
type Runs = Extract<Told, { kind: 'runs' }>;
type Sealed = Extract<Told, { kind: 'sealed' }>;

export interface LiveLane {
  take(message: Told): void;
  /** The worker that landed died: what it last told is not whole, so its segments are read from their files. */
  forget(): void;
  /** Called with every segment that is recorded from then on. */
  onRecorded(listener: () => void): void;
  /** Called with the runs of every batch, before and after it was merged. */
  onMerged(listener: (transitions: readonly RunTransition[]) => void): void;
  /** Batches that wait to be merged into the live runs. */
  waiting(): number;
  /** How many times so far a batch was left to be read from its file. */
  gaps(): number;
  /** Resolves when everything taken so far is merged and marked, or is kept to be tried again. */
  drain(): Promise<void>;
  close(): void;
}

/**
 * Tracks the batches of a segment as they land, in order, and marks its object once it is sealed.
 *
 * On AWS an object is recorded before its events are merged; here it is recorded after. The size and the lines of a
 * segment are known only when it is sealed, and the history lane reads every object that is recorded and not tracked: it
 * would read a part of an open segment and mark it tracked. Nothing is lost by it: a segment that is not sealed when the
 * ledger stops is recorded and tracked from its file at the next start, and merging twice changes nothing.
 *
 * While the live store fails, batches are left out, because their file has them, and sealed segments are kept until they
 * can be recorded.
 */
export function startLiveLane(live: LiveStore, troubles: Troubles, onError: (error: unknown) => void): LiveLane {
  const open = new Map<string, ObjectTracking>();
  const held: { readonly sealed: Sealed; readonly tracking: ObjectTracking | undefined }[] = [];
  const retry = retryTimer(() => void inTurn(recordHeld));
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  let gaps = 0;
  let tellRecorded = (): void => undefined;
  let tellMerged = (_: readonly RunTransition[]): void => undefined;

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).catch(onError);
    return last;
  };

  async function merge({ object, runs, event_dates }: Runs): Promise<void> {
    const tracking = open.get(object) ?? startTracking(live);
    open.set(object, tracking);
    if (held.length > 0) {
      tracking.skip();
      gaps += 1;
      return;
    }
    try {
      const { failures, transitions } = await tracking.merge({ runs: JSON.parse(runs) as Run[], event_dates });
      tellMerged(transitions);
      for (const failure of failures) onError(failure);
      troubles.end('live runs');
    } catch (error) {
      gaps += 1;
      troubles.begin('live runs', error);
    }
  }

  async function seal(sealed: Sealed): Promise<void> {
    const tracking = open.get(sealed.object);
    if (tracking === undefined) gaps += 1;
    open.delete(sealed.object);
    held.push({ sealed, tracking });
    await recordHeld();
  }

  async function recordHeld(): Promise<void> {
    for (let next = held[0]; next !== undefined; next = held[0]) {
      const { object, lines, size_bytes } = next.sealed;
      try {
        await live.recordObjects([{ object, lines, size_bytes }]);
        await next.tracking?.mark(object);
      } catch (error) {
        troubles.begin('live runs', error);
        retry.again();
        return;
      }
      held.shift();
      retry.worked();
      troubles.end('live runs');
      tellRecorded();
    }
  }

  return {
    take: (message) => {
      waiting += 1;
      void inTurn(() => (message.kind === 'runs' ? merge(message) : seal(message))).finally(() => {
        waiting -= 1;
      });
    },
    forget: () =>
      void inTurn(async () => {
        gaps += 1;
        open.clear();
      }),
    onRecorded: (listener) => {
      tellRecorded = listener;
    },
    onMerged: (listener) => {
      tellMerged = listener;
    },
    waiting: () => waiting,
    gaps: () => gaps,
    drain: () => inTurn(recordHeld),
    close: () => retry.close(),
  };
}
