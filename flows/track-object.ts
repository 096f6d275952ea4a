import { rawFolder } from '../core/object-keys.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { CorruptObjectError, type ObjectStore } from '../core/ports/object-store.ts';
import { type Run, runKeyOf } from '../core/run/run.ts';
import { isStamped } from '../core/schema/canonical-line.ts';
import { type Event, landedEventSchema } from '../core/schema/event.ts';
import { startFold, trackRuns } from './track.ts';

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
  return trackContent(store, live, key);
}

/**
 * Records objects that landed and are not known yet, before opening them. What was recorded and never tracked, because
 * the ledger stopped in between, is left for `trackRecorded`.
 */
export async function recordLanded(store: ObjectStore, live: LiveStore): Promise<number> {
  let recorded = 0;
  for await (const { key, size_bytes } of store.list(rawFolder())) {
    if (await live.hasObject(key)) continue;
    await live.recordObjects([{ object: key, lines: 0, size_bytes, event_dates: [] }]);
    recorded += 1;
  }
  return recorded;
}

/** Tracks every object that is recorded only. Safe to repeat. */
export async function trackRecorded(store: ObjectStore, live: LiveStore): Promise<number> {
  let tracked = 0;
  for (;;) {
    const [next] = await live.objectsAt('recorded', { maxObjects: 1 });
    if (next === undefined) return tracked;
    await trackContent(store, live, next.object);
    tracked += 1;
  }
}

async function trackContent(store: ObjectStore, live: LiveStore, object: string): Promise<TrackedObject> {
  let content: Uint8Array;
  try {
    content = await store.get(object);
  } catch (error) {
    if (!(error instanceof CorruptObjectError)) throw error;
    await live.park([object], error.message);
    return { events: 0, runs: [], parked: error.message };
  }
  const events = eventsOf(content);
  const seen = new Map<string, Run>();
  const fold = startFold();
  for (const event of events) fold.add(event);
  const dates = await trackRuns(remembering(live, seen), fold.runs());
  await live.markTracked(object, fold.eventDates(), dates);
  return { events: events.length, runs: [...seen.values()] };
}

const utf8 = new TextDecoder();

/** The accepted events of a landed object. Lines accept did not write are passed over: compaction counts them. */
export function eventsOf(content: Uint8Array): readonly Event[] {
  return utf8
    .decode(content)
    .split('\n')
    .flatMap((line) => {
      if (!isStamped(line)) return [];
      try {
        const parsed = landedEventSchema.safeParse(JSON.parse(line));
        return parsed.success ? [parsed.data] : [];
      } catch {
        return [];
      }
    });
}

/** A live store that puts every run an update has seen into `seen`, as it stands afterwards. */
const remembering = (live: LiveStore, seen: Map<string, Run>): LiveStore => ({
  ...live,
  updateRuns: (runs, update) =>
    live.updateRuns(runs, (stored, arriving) => {
      const updated = update(stored, arriving);
      const run = updated?.run ?? stored;
      if (run) seen.set(runKeyOf(run), run);
      return updated;
    }),
});
