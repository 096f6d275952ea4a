import * as z from 'zod';
import { type Silence, silenceSchema } from '../core/alert/silence.ts';
import type { Instant } from '../core/instant.ts';
import { SILENCES_KEY } from '../core/object-keys.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { type ActPorts, recordAct } from './record-act.ts';
import { storedJson } from './stored-json.ts';

const listSchema = z.array(silenceSchema);

/** Silences that have not ended at this moment. */
export async function listSilences(store: Pick<ObjectStore, 'get'>, now: Instant): Promise<readonly Silence[]> {
  const all = (await storedJson(store, SILENCES_KEY, listSchema)) ?? [];
  return all.filter(({ until }) => until > now);
}

export interface SilencePorts extends ActPorts {
  readonly store: ObjectStore;
}

/** Adds a silence; one of the same id is replaced. What has ended is dropped. */
export async function addSilence(ports: SilencePorts, silence: Silence, now: Instant): Promise<void> {
  const { id, pattern, environment, from, until, who, why } = silence;
  const others = (await listSilences(ports.store, now)).filter((each) => each.id !== id);
  const detail = `${id}, from ${from} until ${until}`;
  await recordAct(ports, { kind: 'silence', acted_at: now, who, target: pattern, environment, why, detail });
  await ports.store.put(SILENCES_KEY, JSON.stringify([...others, silence]));
}

/** Ends a silence now. False: there is none of this id. */
export async function endSilence(ports: SilencePorts, id: string, now: Instant, who?: string): Promise<boolean> {
  const all = await listSilences(ports.store, now);
  const ended = all.find((each) => each.id === id);
  if (ended === undefined) return false;
  const { pattern: target, environment, until } = ended;
  const detail = `${id}, which would have held until ${until}`;
  await recordAct(ports, { kind: 'end_silence', acted_at: now, who, target, environment, detail });
  await ports.store.put(SILENCES_KEY, JSON.stringify(all.filter((each) => each !== ended)));
  return true;
}
