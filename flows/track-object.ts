import { errorMessage } from '../core/error-message.ts';
import { rawFolder } from '../core/object-keys.ts';
import type { ObjectRecord } from '../core/objects/data-object.ts';
import { isMissing, missing, parked, unchanged } from '../core/objects/object-change.ts';
import type { RunTransition } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { CorruptObjectError, MissingObjectError, type ObjectStore } from '../core/ports/object-store.ts';
import { type RunFold, startFold } from '../core/run/run-fold.ts';
import { forgottenObjects, recordForgotten } from './forget.ts';
import { eventsOf } from './landed-events.ts';
import { startTracking } from './track.ts';

export interface TrackedObject {
  readonly events: number;
  /** Every run that the object has events of. */
  readonly transitions: readonly RunTransition[];
  /** Why the object cannot be read; then it is parked. */
  readonly parked?: string;
  /** What could not be merged of it; everything else was. */
  readonly failures: readonly Error[];
}

/**
 * Records an object that has landed before it is opened, then merges its events into the live runs. One that was parked is
 * a mended copy of itself, and is due again. Safe to repeat.
 */
export async function trackObject(
  store: ObjectStore,
  live: LiveStore,
  { key, size_bytes }: { readonly key: string; readonly size_bytes: number },
): Promise<TrackedObject> {
  await live.recordObjects([{ object: key, size_bytes }]);
  return trackContent(live, key, await contentOf(store, key), { size_bytes });
}

/**
 * Records objects that landed and are not known yet, before opening them. Objects that were recorded and never tracked,
 * because the ledger stopped in between, are left for `trackRecorded`.
 */
export async function recordLanded(store: ObjectStore, live: LiveStore): Promise<number> {
  let recorded = 0;
  let forgotten: ReadonlySet<string> | undefined;
  for await (const { key, size_bytes } of store.list(rawFolder())) {
    if (await live.hasObject(key)) continue;
    forgotten ??= await forgottenObjects(store);
    const landed = { object: key, size_bytes };
    await (forgotten.has(key) ? recordForgotten(live, landed) : live.recordObjects([landed]));
    recorded += 1;
  }
  return recorded;
}

/** So many of the parked objects are looked at to see whether they are there again, or were mended. */
const PARKED_AT_ONCE = 1000;

/**
 * Tracks every object that is recorded only, and parked ones that are there again or have another size: they were mended. One that cannot be read
 * does not hold up the others: it stays recorded, and the first of these failures is thrown once the others are tracked.
 * Throws at once what the live store throws. Returns how many were tracked, and what could not be merged. Safe to repeat.
 */
export async function trackRecorded(
  store: ObjectStore,
  live: LiveStore,
  onTracked: (transitions: readonly RunTransition[]) => void = () => undefined,
): Promise<{ readonly tracked: number; readonly failures: readonly Error[] }> {
  const recorded = await live.objectsAt('recorded', {});
  const unreadable: unknown[] = [];
  const mended = await mendedObjects(store, live).catch((error: unknown) => {
    unreadable.push(error);
    return [];
  });
  const failures: Error[] = [];
  let tracked = 0;
  for (const { object, size_bytes } of [...recorded, ...mended]) {
    let content: Content;
    try {
      content = await contentOf(store, object);
    } catch (error) {
      unreadable.push(error);
      continue;
    }
    const found = await trackContent(live, object, content, { size_bytes });
    failures.push(...found.failures);
    onTracked(found.transitions);
    if (found.parked === undefined) tracked += 1;
  }
  if (unreadable.length > 0) throw unreadable[0];
  return { tracked, failures };
}

/** Parked objects that are not as they were when they were parked, with the size they have now. */
async function mendedObjects(
  store: ObjectStore,
  live: LiveStore,
): Promise<readonly { readonly object: string; readonly size_bytes: number }[]> {
  const mended: { object: string; size_bytes: number }[] = [];
  for (const record of await live.objectsAt('parked', { maxObjects: PARKED_AT_ONCE })) {
    for await (const { key, size_bytes } of store.list(record.object)) {
      if (key === record.object && (isMissing(record) || size_bytes !== record.size_bytes))
        mended.push({ object: key, size_bytes });
      break;
    }
  }
  return mended;
}

/**
 * The records of tracked objects with the dates of their runs as they are now. A run may have come to have others since
 * an object was tracked: through an object that was tracked later, and taken in before. Such objects are read once more.
 */
export async function withTodaysDates(
  store: ObjectStore,
  live: LiveStore,
  objects: readonly ObjectRecord[],
): Promise<readonly ObjectRecord[]> {
  const changes = await live.dateChanges();
  const outdated = objects.filter(({ dates_as_of }) => dates_as_of !== changes);
  if (outdated.length === 0) return objects;
  for (const { object } of outdated) await trackContent(live, object, await contentOf(store, object));
  return live.changeObjects(
    objects.map(({ object }) => object),
    unchanged,
  );
}

type Content = { readonly bytes: Uint8Array } | { readonly corrupt: string } | { readonly isMissing: true };

/** Throws what another try may mend. */
async function contentOf(store: ObjectStore, object: string): Promise<Content> {
  try {
    return { bytes: await store.get(object) };
  } catch (error) {
    if (error instanceof CorruptObjectError) return { corrupt: error.message };
    if (error instanceof MissingObjectError) return { isMissing: true };
    throw error;
  }
}

async function trackContent(
  live: LiveStore,
  object: string,
  content: Content,
  landed?: Pick<ObjectRecord, 'size_bytes'>,
): Promise<TrackedObject> {
  if (!('bytes' in content)) {
    const [record] = await live.changeObjects([object], 'corrupt' in content ? parked(content.corrupt) : missing);
    return { events: 0, transitions: [], failures: [], parked: record?.why ?? 'it cannot be read' };
  }
  const { fold, events, failures } = foldOf(content.bytes);
  const tracking = startTracking(live);
  const merged = await tracking.merge({ runs: fold.runs(), event_dates: fold.eventDates() });
  await tracking.mark(object, landed);
  return { events, transitions: merged.transitions, failures: [...failures, ...merged.failures] };
}

/** One event that cannot be folded does not cost the others. */
function foldOf(content: Uint8Array): { fold: RunFold; events: number; failures: readonly Error[] } {
  const fold = startFold();
  const failures: Error[] = [];
  let events = 0;
  for (const event of eventsOf(content)) {
    try {
      fold.add(event);
      events += 1;
    } catch (cause) {
      failures.push(new Error(`Expected to fold the event ${event.event_key}, got: ${errorMessage(cause)}`, { cause }));
    }
  }
  return { fold, events, failures };
}
