import { type Manifest, manifestIn, manifestText, type SealedObject } from '../core/audit/manifest.ts';
import { dateOf, type Instant, instantAfter } from '../core/instant.ts';
import { arrivalDateOf, FOLDERS, manifestKey, SEALED_FOLDERS } from '../core/object-keys.ts';
import type { Clock } from '../core/ports/clock.ts';
import { CorruptObjectError, MissingObjectError, type ObjectStore } from '../core/ports/object-store.ts';
import { daysBefore } from './maintain.ts';

export interface SealPorts {
  readonly store: ObjectStore;
  readonly clock: Clock;
  readonly sha256: (content: string | Uint8Array) => string;
  /** By folder, the day before which objects are deleted on purpose. Folders that are kept for ever are left out. */
  readonly keptFrom: () => Promise<Readonly<Record<string, string>>>;
}

export interface Sealed {
  readonly days: readonly string[];
  readonly objects: number;
}

/** What arrived in a day has landed so long after its end. What comes later yet is in the manifest of a later day. */
const CLOSED_AFTER_MS = 3 * 3_600_000;

/**
 * Seals every day that is closed: writes the manifest of what it held, and of what came late to the days before, in the
 * order of days. A day is sealed once and for all, so it is safe to repeat, and to stop between two days. Throws when the
 * last manifest cannot be read: what would follow it could not be proven.
 */
export async function sealDays(ports: SealPorts, stop: () => boolean = () => false): Promise<Sealed> {
  const { store, clock, sha256 } = ports;
  const until = lastClosedDay(clock.now());
  const known = new Set<string>();
  let last: { readonly day: string; readonly hash: string } | undefined;
  for await (const { day, text } of storedManifests(store)) {
    const manifest = manifestIn(text);
    if (manifest === undefined)
      throw new Error(
        `expected the manifest ${manifestKey(day)} as the ledger wrote it, but it was changed; nothing was sealed: \`verify\` says more`,
      );
    for (const { key } of manifest.objects) known.add(key);
    last = { day, hash: sha256(text) };
  }
  if (last !== undefined && last.day >= until) return { days: [], objects: 0 };
  const first = last === undefined ? '' : daysAfter(last.day);
  const byDay = new Map<string, string[]>([[until, []]]);
  for await (const key of sealableKeys(store)) {
    const arrival = arrivalDateOf(key) as string;
    if (arrival > until || known.has(key)) continue;
    const day = arrival < first ? first : arrival;
    byDay.set(day, [...(byDay.get(day) ?? []), key]);
  }
  const kept_from = await ports.keptFrom();
  const days: string[] = [];
  let objects = 0;
  for (const [day, keys] of [...byDay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (stop()) break;
    const manifest: Manifest = {
      ...{ day, previous: last?.hash ?? null, kept_from },
      objects: await sealedObjects(ports, keys),
    };
    const text = manifestText(manifest);
    await store.put(manifestKey(day), text);
    last = { day, hash: sha256(text) };
    days.push(day);
    objects += manifest.objects.length;
  }
  return { days, objects };
}

const lastClosedDay = (now: Instant): string => daysBefore(instantAfter(now, -CLOSED_AFTER_MS) ?? now, 1);
const daysAfter = (day: string): string => dateOf(instantAfter(`${day}T00:00:00.000Z`, 86_400_000) as Instant);

/** Every manifest there is, by day. */
export async function* storedManifests(
  store: Pick<ObjectStore, 'list' | 'get'>,
): AsyncGenerator<{ readonly day: string; readonly text: string }> {
  for await (const { key } of store.list(`${FOLDERS.manifests}/`)) {
    const day = arrivalDateOf(key);
    if (day !== undefined && key === manifestKey(day))
      yield { day, text: new TextDecoder().decode(await store.get(key)) };
  }
}

/** The keys of everything that is sealed, sooner or later. What lies in no day is nothing that the ledger was sent. */
export async function* sealableKeys(store: Pick<ObjectStore, 'list'>): AsyncGenerator<string> {
  for (const folder of SEALED_FOLDERS)
    for await (const { key } of store.list(`${folder}/`)) if (arrivalDateOf(key) !== undefined) yield key;
}

/** Objects read at once: on AWS each is a request. */
const AT_ONCE = 16;

/** Reads a few at a time, in the order of keys. What cannot be read is left to the manifest of a later day. */
async function sealedObjects(
  ports: Pick<SealPorts, 'store' | 'sha256'>,
  keys: readonly string[],
): Promise<readonly SealedObject[]> {
  const objects: SealedObject[] = [];
  const sorted = [...keys].sort((a, b) => (a < b ? -1 : 1));
  for (let at = 0; at < sorted.length; at += AT_ONCE) {
    const some = await Promise.all(sorted.slice(at, at + AT_ONCE).map((key) => foundObject(ports, key)));
    for (const found of some) if ('sha256' in found) objects.push(found);
  }
  return objects;
}

/** An object as it is now. */
export async function foundObject(
  { store, sha256 }: Pick<SealPorts, 'sha256'> & { readonly store: Pick<ObjectStore, 'get'> },
  key: string,
): Promise<SealedObject | { readonly missing: true } | { readonly unreadable: string }> {
  try {
    const content = await store.get(key);
    return { key, size_bytes: content.byteLength, sha256: sha256(content) };
  } catch (error) {
    if (error instanceof MissingObjectError) return { missing: true };
    if (error instanceof CorruptObjectError) return { unreadable: error.message };
    throw error;
  }
}
