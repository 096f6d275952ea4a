import * as z from 'zod';
import { type Silence, silenceSchema } from '../core/alert/silence.ts';
import type { Instant } from '../core/instant.ts';
import { SILENCES_KEY } from '../core/object-keys.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { storedJson } from './stored-json.ts';

const listSchema = z.array(silenceSchema);

/** Silences that have not ended at this moment. */
export async function listSilences(store: Pick<ObjectStore, 'get'>, now: Instant): Promise<readonly Silence[]> {
  const all = (await storedJson(store, SILENCES_KEY, listSchema)) ?? [];
  return all.filter(({ until }) => until > now);
}

/** Adds a silence; one of the same id is replaced. What has ended is dropped. */
export async function addSilence(store: ObjectStore, silence: Silence, now: Instant): Promise<void> {
  const others = (await listSilences(store, now)).filter(({ id }) => id !== silence.id);
  await store.put(SILENCES_KEY, JSON.stringify([...others, silence]));
}

/** Ends a silence now. False: there is none of this id. */
export async function endSilence(store: ObjectStore, id: string, now: Instant): Promise<boolean> {
  const all = await listSilences(store, now);
  const left = all.filter((each) => each.id !== id);
  if (left.length === all.length) return false;
  await store.put(SILENCES_KEY, JSON.stringify(left));
  return true;
}
