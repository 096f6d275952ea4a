import type { RunDates } from '../core/objects/data-object.ts';
import { tracked } from '../core/objects/object-change.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { trackRuns } from '../flows/track.ts';
import type { FromIngest } from './ingest-protocol.ts';

type Told = Extract<FromIngest, { kind: 'runs' | 'sealed' }>;

export interface LiveLane {
  take(message: Told): void;
  /** Batches that wait to be merged into the live runs. */
  waiting(): number;
  /** Resolves when everything taken so far is merged and marked. */
  drain(): Promise<void>;
}

interface OpenSegment {
  readonly event_dates: Set<string>;
  readonly log_dates: Set<string>;
  readonly run_dates: Set<string>;
}

/**
 * Tracks batches as they land and records their object once it is sealed, in order. A segment that is not sealed when
 * the ledger stops is tracked again from the file at the next start: merging twice changes nothing.
 */
export function startLiveLane(live: LiveStore, onSealed: () => void, onError: (error: unknown) => void): LiveLane {
  const segments = new Map<string, OpenSegment>();
  /** Objects of which a batch could not be merged. */
  const broken = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;

  async function merge(message: Extract<Told, { kind: 'runs' }>): Promise<void> {
    const dates = await trackRuns(live, message.runs);
    const segment = segments.get(message.object) ?? {
      event_dates: new Set(),
      log_dates: new Set(),
      run_dates: new Set(),
    };
    for (const date of message.event_dates) segment.event_dates.add(date);
    for (const date of dates.log_dates) segment.log_dates.add(date);
    for (const date of dates.run_dates) segment.run_dates.add(date);
    segments.set(message.object, segment);
  }

  async function record({ object, lines, size_bytes }: Extract<Told, { kind: 'sealed' }>): Promise<void> {
    const segment = segments.get(object);
    segments.delete(object);
    const event_dates = [...(segment?.event_dates ?? [])].sort();
    await live.recordObjects([{ object, lines, size_bytes }]);
    const dates: RunDates = { log_dates: [...(segment?.log_dates ?? [])], run_dates: [...(segment?.run_dates ?? [])] };
    // A batch that could not be merged leaves its object recorded only: the history lane reads it again.
    if (segment !== undefined && !broken.delete(object))
      await live.changeObjects([object], tracked({ event_dates, ...dates }));
    onSealed();
  }

  return {
    take: (message) => {
      waiting += 1;
      last = last
        .then(() => (message.kind === 'runs' ? merge(message) : record(message)))
        .catch((error: unknown) => {
          if (message.kind === 'runs') broken.add(message.object);
          onError(error);
        })
        .finally(() => {
          waiting -= 1;
        });
    },
    waiting: () => waiting,
    drain: () => last,
  };
}
