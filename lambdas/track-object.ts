import { foldRuns, trackRuns } from '../core/flows/track.ts';
import { eventsOf } from '../core/flows/track-object.ts';
import { epochMsOf, instantOf } from '../core/instant.ts';
import type { LiveStore, ObjectStore } from '../core/ports.ts';
import type { Run } from '../core/run.ts';
import { viewOf } from '../core/run-view.ts';
import type { Deadline } from './deadlines.ts';

export interface TrackedObject {
  readonly events: number;
  /** Every run the object told of, as it stands now. */
  readonly runs: readonly Run[];
  /** Set when the object cannot be read, and will never be: it is parked. */
  readonly parked?: string;
}

/** Records an object before it is opened, then merges its events into the live runs. Safe to repeat. */
export async function trackObject(
  store: ObjectStore,
  live: LiveStore,
  { key, size_bytes }: { readonly key: string; readonly size_bytes: number },
): Promise<TrackedObject> {
  await live.recordObjects([{ object: key, lines: 0, size_bytes, event_dates: [] }]);
  let content: Uint8Array;
  try {
    content = await store.get(key);
  } catch (error) {
    if (!isDamaged(error)) throw error;
    await live.park([key], error.message);
    return { events: 0, runs: [], parked: error.message };
  }
  const events = eventsOf(content);
  const seen = new Map<string, Run>();
  const dates = await trackRuns(remembering(live, seen), foldRuns(events));
  await live.markTracked(key, [...new Set(events.map((event) => event.event_date))].sort(), dates);
  return { events: events.length, runs: [...seen.values()] };
}

/** When an open run passes its SLA. */
export function deadlineOf(run: Run): Deadline | undefined {
  const { start_time, end_time, expected_max_duration_ms } = viewOf(run).run;
  if (start_time === null || end_time !== null || expected_max_duration_ms === null) return undefined;
  const { environment, process_name, run_id } = run;
  // One millisecond later it is over.
  return { at: instantOf(epochMsOf(start_time) + expected_max_duration_ms + 1), environment, process_name, run_id };
}

/** A live store that puts every run an update has seen into `seen`, as it stands afterwards. */
const remembering = (live: LiveStore, seen: Map<string, Run>): LiveStore => ({
  ...live,
  updateRuns: (runs, update) =>
    live.updateRuns(runs, (stored, arriving) => {
      const updated = update(stored, arriving);
      const run = updated?.run ?? stored;
      if (run) seen.set(JSON.stringify([run.environment, run.process_name, run.run_id]), run);
      return updated;
    }),
});

/** What the object store says of gzip that does not unpack: another try reads the same bytes. */
const isDamaged = (error: unknown): error is Error =>
  error instanceof Error && /to be whole gzip|bytes when unpacked/.test(error.message);
