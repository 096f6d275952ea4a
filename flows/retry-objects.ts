import { retried } from '../core/objects/object-change.ts';
import { type ParkedObject, parkedObjectOf, type RetriedObjects } from '../core/objects/parked-object.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { trackObject } from './track-object.ts';

/** Objects that could not be taken in, by key. */
export const parkedObjects = async (live: LiveStore): Promise<readonly ParkedObject[]> =>
  (await live.objectsAt('parked', {})).map(parkedObjectOf);

/**
 * Makes parked objects due again: the next tick takes them in. One that never was tracked is tracked here, and parked
 * again when it cannot be read. Objects that are not parked are passed over. Safe to repeat.
 */
export async function retryObjects(
  { store, live }: { readonly store: ObjectStore; readonly live: LiveStore },
  objects: readonly string[],
): Promise<RetriedObjects> {
  const parked = new Set((await live.objectsAt('parked', {})).map(({ object }) => object));
  const wanted = objects.filter((object) => parked.has(object));
  const records = wanted.length === 0 ? [] : await live.changeObjects(wanted, retried);
  for (const { object: key, size_bytes, stage } of records)
    if (stage === 'recorded') await trackObject(store, live, { key, size_bytes });
  const still = (await parkedObjects(live)).filter(({ object }) => wanted.includes(object));
  const again = new Set(still.map(({ object }) => object));
  return { retried: wanted.filter((object) => !again.has(object)), parked: still };
}
