import type { AcceptSettings } from '../core/accept/settings.ts';
import { FOLDERS } from '../core/object-keys.ts';
import { forgotten } from '../core/objects/object-change.ts';
import type { Forgetting } from '../core/objects/parked-object.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { recordAct } from './record-act.ts';

export interface ForgetPorts extends Pick<AcceptSettings, 'mask'> {
  readonly store: ObjectStore;
  readonly live: LiveStore;
  readonly clock: Clock;
  readonly hash: (text: string) => string;
}

const FOLDER = `${FOLDERS.decisions}/forgotten/`;

/**
 * Does without parked objects, for good: none of them is taken in, and none is named any more. The decision becomes an
 * object of its own, so that a live store that is built again knows it. Objects that are not parked are passed over.
 * Returns those that are forgotten now. Safe to repeat.
 */
export async function forgetObjects(
  { store, live, clock, mask, hash }: ForgetPorts,
  { objects, reason, who }: Forgetting,
): Promise<readonly string[]> {
  const why = mask(reason.toWellFormed().replaceAll('\0', '\uFFFD'));
  const parked = new Set((await live.objectsAt('parked', {})).map(({ object }) => object));
  const wanted = objects.filter((object) => parked.has(object));
  for (const object of wanted) {
    const decided_at = clock.now();
    await recordAct({ store, hash }, { kind: 'forget', acted_at: decided_at, who, target: object, why });
    const decision = { object, decided_at, decision: 'forgotten', reason: why, who };
    await store.put(`${FOLDER}${object}`, `${JSON.stringify(decision)}\n`);
  }
  if (wanted.length > 0) await live.changeObjects(wanted, forgotten(who === undefined ? why : `${who}: ${why}`));
  return wanted;
}

/** Every object that a person decided to do without. */
export async function forgottenObjects(store: ObjectStore): Promise<ReadonlySet<string>> {
  const objects = new Set<string>();
  for await (const { key } of store.list(FOLDER)) objects.add(key.slice(FOLDER.length));
  return objects;
}

/** Records an object that was forgotten before the live store was lost. */
export async function recordForgotten(
  live: LiveStore,
  landed: { readonly object: string; readonly size_bytes: number },
): Promise<void> {
  await live.recordObjects([landed]);
  await live.changeObjects([landed.object], forgotten(`a person decided so: ${FOLDER}${landed.object}`));
}
