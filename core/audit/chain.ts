import { arrivalDateOf } from '../object-keys.ts';
import { type Manifest, manifestIn, type SealedObject } from './manifest.ts';

/** A manifest as it lies in the store: under the key of this day. */
export interface StoredManifest {
  readonly day: string;
  readonly text: string;
}

export interface SealedManifest extends Manifest {
  /** SHA-256 of its text: the head of the chain, while none follows. */
  readonly hash: string;
}

/** What is wrong with the chain, or with an object. `day` is that of the manifest that shows it. */
export type Problem =
  /** Its text is none that the ledger writes. */
  | { readonly kind: 'manifest_damaged'; readonly day: string }
  /** It says that it closes another day than its key. */
  | { readonly kind: 'manifest_misplaced'; readonly day: string; readonly says: string }
  /** It follows another manifest than the one that stands before it: one of the two was changed, or one between is gone. */
  | {
      readonly kind: 'chain_broken';
      readonly day: string;
      readonly before: string | null;
      readonly expected: string | null;
      readonly found: string | null;
    }
  /** The head that was kept elsewhere is the hash of no manifest. */
  | { readonly kind: 'head_unknown'; readonly expected: string }
  | { readonly kind: 'listed_twice'; readonly object: string; readonly day: string; readonly first_day: string }
  | { readonly kind: 'missing'; readonly object: string; readonly day: string }
  | {
      readonly kind: 'changed';
      readonly object: string;
      readonly day: string;
      readonly expected: SealedObject;
      readonly found: SealedObject;
    }
  | { readonly kind: 'unreadable'; readonly object: string; readonly day: string; readonly why: string }
  /** It lies in a day that is sealed, and no manifest lists it. */
  | { readonly kind: 'added'; readonly object: string };

export interface Chain {
  /** Those that can be read, in order. */
  readonly manifests: readonly SealedManifest[];
  readonly problems: readonly Problem[];
  /** SHA-256 of the text of the last one; null: there is none. */
  readonly head: string | null;
}

/** Checks how manifests follow each other: every one, in order of their days. */
export function chainOf(
  stored: readonly StoredManifest[],
  sha256: (text: string) => string,
  expectedHead?: string,
): Chain {
  const problems: Problem[] = [];
  const manifests: SealedManifest[] = [];
  const listedOn = new Map<string, string>();
  let before: { readonly day: string; readonly hash: string } | null = null;
  const hashes = new Set<string>();
  for (const { day, text } of stored) {
    const hash = sha256(text);
    hashes.add(hash);
    const manifest = manifestIn(text);
    if (manifest === undefined) problems.push({ kind: 'manifest_damaged', day });
    else {
      if (manifest.day !== day) problems.push({ kind: 'manifest_misplaced', day, says: manifest.day });
      const expected: string | null = before?.hash ?? null;
      if (manifest.previous !== expected)
        problems.push({
          ...{ kind: 'chain_broken', day, before: before?.day ?? null },
          ...{ expected, found: manifest.previous },
        });
      for (const { key } of manifest.objects) {
        const first_day = listedOn.get(key);
        if (first_day === undefined) listedOn.set(key, day);
        else problems.push({ kind: 'listed_twice', object: key, day, first_day });
      }
      manifests.push({ ...manifest, hash });
    }
    before = { day, hash };
  }
  if (expectedHead !== undefined && !hashes.has(expectedHead))
    problems.push({ kind: 'head_unknown', expected: expectedHead });
  return { manifests, problems, head: before?.hash ?? null };
}

/** What became of an object since it was sealed. */
export type Found = SealedObject | { readonly missing: true } | { readonly unreadable: string };

/** Undefined: it is as it was. */
export function problemOf(sealed: SealedObject, found: Found, day: string): Problem | undefined {
  const object = sealed.key;
  if ('missing' in found) return { kind: 'missing', object, day };
  if ('unreadable' in found) return { kind: 'unreadable', object, day, why: found.unreadable };
  return found.sha256 === sealed.sha256 && found.size_bytes === sealed.size_bytes
    ? undefined
    : { kind: 'changed', object, day, expected: sealed, found };
}

/** By folder, the latest day before which objects may be gone, as any manifest of the chain says. */
export function keptFromOf(manifests: readonly Manifest[]): Readonly<Record<string, string>> {
  const latest: Record<string, string> = {};
  for (const { kept_from } of manifests)
    for (const [folder, day] of Object.entries(kept_from)) if (day > (latest[folder] ?? '')) latest[folder] = day;
  return latest;
}

/** Whether an object may be gone because its time was over, so that it is not missed. */
export const isExpired = (key: string, keptFrom: Readonly<Record<string, string>>): boolean =>
  (arrivalDateOf(key) ?? '9999') < (keptFrom[key.slice(0, key.indexOf('/'))] ?? '');
