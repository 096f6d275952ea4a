import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledPackage } from './find-packages.ts';
import { mapInParallel } from './map-in-parallel.ts';

/** The manifest of a package. */
export interface Manifest {
  readonly path: string;
  readonly name: string;
  readonly version: string | null;
  readonly licence: string | null;
  readonly dependencies: number;
  readonly manifest_bytes: number;
}

export interface ReadOptions {
  /** Reads this manifest from another path. */
  readonly damaged?: { readonly path: string; readonly manifest: string } | undefined;
  /** Whether an unreadable manifest may still be being written (retryable), or is wrong. */
  readonly isLastTry: boolean;
}

/** Reads every manifest. Throws `UnreadableManifest` for the first that is not one. */
export function readManifests(packages: readonly InstalledPackage[], options: ReadOptions): Promise<Manifest[]> {
  return mapInParallel(packages, async ({ path, dir }) => {
    const file = options.damaged?.path === path ? options.damaged.manifest : join(dir, 'package.json');
    const content = await readFile(file);
    return manifestOf(path, content, parse(path, content.toString(), options.isLastTry));
  });
}

/** A manifest that is not one. The ledger's client takes `error_code` and `retryable` from here. */
export class UnreadableManifest extends Error {
  readonly error_code: string;
  readonly retryable: boolean;

  constructor(path: string, isLastTry: boolean, cause: unknown) {
    const advice = isLastTry ? 'install the package again' : 'it may be being written';
    super(`Expected ${path}/package.json to be a JSON object, but it is not: ${advice}`, { cause });
    this.name = 'UnreadableManifest';
    this.error_code = isLastTry ? 'D201' : 'S500';
    this.retryable = !isLastTry;
  }
}

type Json = Readonly<Record<string, unknown>>;

function parse(path: string, text: string, isLastTry: boolean): Json {
  try {
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content as Json;
    throw new TypeError(`got ${Array.isArray(content) ? 'an array' : typeof content}`);
  } catch (cause) {
    throw new UnreadableManifest(path, isLastTry, cause);
  }
}

function manifestOf(path: string, content: Buffer, manifest: Json): Manifest {
  const { name, version, dependencies } = manifest;
  return {
    path,
    name: typeof name === 'string' && name !== '' ? name : path.slice(path.lastIndexOf('node_modules/') + 13),
    version: typeof version === 'string' && version !== '' ? version : null,
    licence: licenceOf(manifest.license ?? manifest.licence ?? manifest.licenses),
    dependencies: typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies).length : 0,
    manifest_bytes: content.length,
  };
}

/** A name; or `{ type }`, or a list of those, as old manifests have it. */
function licenceOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() || null;
  if (Array.isArray(value)) {
    const names = value.map(licenceOf).filter((name) => name !== null);
    return names.length > 0 ? names.join(' OR ') : null;
  }
  return typeof value === 'object' && value !== null ? licenceOf((value as { type?: unknown }).type) : null;
}
