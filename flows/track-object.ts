import { rawFolder } from '../core/object-keys.ts';
import { parked } from '../core/objects/object-change.ts';
import type { RunTransition } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { CorruptObjectError, type ObjectStore } from '../core/ports/object-store.ts';
import { startFold } from '../core/run/run-fold.ts';
import { isStamped } from '../core/schema/canonical-line.ts';
import { type Event, landedEventSchema } from '../core/schema/event.ts';
import { startTracking } from './track.ts';

export interface TrackedObject {
  readonly events: number;
  /** Every run that the object has events of. */
  readonly transitions: readonly RunTransition[];
  /** Why the object can never be read; then it is parked. */
  readonly parked?: string;
}

/** Records an object before it is opened, then merges its events into the live runs. Safe to repeat. */
export async function trackObject(
  store: ObjectStore,
  live: LiveStore,
  { key, size_bytes }: { readonly key: string; readonly size_bytes: number },
): Promise<TrackedObject> {
  await live.recordObjects([{ object: key, size_bytes }]);
  return trackContent(store, live, key);
}

/**
 * Records objects that landed and are not known yet, before opening them. Objects that were recorded and never tracked,
 * because the ledger stopped in between, are left for `trackRecorded`.
 */
export async function recordLanded(store: ObjectStore, live: LiveStore): Promise<number> {
  let recorded = 0;
  for await (const { key, size_bytes } of store.list(rawFolder())) {
    if (await live.hasObject(key)) continue;
    await live.recordObjects([{ object: key, size_bytes }]);
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
    await live.changeObjects([object], parked(error.message));
    return { events: 0, transitions: [], parked: error.message };
  }
  const events = eventsOf(content);
  const fold = startFold();
  for (const event of events) fold.add(event);
  const tracking = startTracking(live);
  const transitions = await tracking.merge({ runs: fold.runs(), event_dates: fold.eventDates() });
  await tracking.mark(object);
  return { events: events.length, transitions };
}

const utf8 = new TextDecoder();

/** The accepted events of a landed object. Lines that accept did not write are passed over: compaction counts them. */
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
