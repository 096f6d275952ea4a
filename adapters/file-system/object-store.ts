import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorMessage } from '../../core/error-message.ts';
import { PACKED_SUFFIX } from '../../core/object-keys.ts';
import { MissingObjectError, type ObjectStore } from '../../core/ports/object-store.ts';
import { compareText } from '../../core/run/stamped.ts';
import { makeFolder, syncFolder, writeThrough } from './durable.ts';
import { fileOf, isObjectName, isPacked, TEMPORARY_PREFIX } from './object-key.ts';
import { plainSizeOf, unpacked } from './packed-file.ts';

/** Stores objects as files under `root`, some of them packed. Unlike S3, a key cannot be both an object and the folder of another key. */
export function openObjectStore(root: string): ObjectStore {
  const folder = resolve(root);
  return {
    async put(key, content) {
      const file = fileOf(folder, key);
      const temporary = join(dirname(file), `${TEMPORARY_PREFIX}${randomUUID()}`);
      try {
        makeFolder(dirname(file));
        await writeThrough(temporary, content);
        await rename(temporary, file);
        syncFolder(dirname(file));
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => {});
        throw new Error(
          `Expected to write ${key} to ${folder}, got: ${errorMessage(error)}. ` +
            'Check that the folder can be written and has room, then try again.',
          { cause: error },
        );
      }
    },

    async get(key) {
      try {
        return await contentOf(fileOf(folder, key));
      } catch (error) {
        if (!isMissing(error)) throw error;
        throw new MissingObjectError(
          `Expected an object ${key} in ${folder}, got none. Check the key, or list what is there.`,
          { cause: error },
        );
      }
    },

    list(prefix) {
      const within = prefix.slice(0, prefix.lastIndexOf('/') + 1);
      if (within !== '') fileOf(folder, within.slice(0, -1));
      return objectsIn(folder, within, prefix);
    },
  };
}

/** The plain file comes first: while it is being packed, it is there until the packed one is whole. */
async function contentOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    if (!isMissing(error) || !isPacked(`${file}${PACKED_SUFFIX}`)) throw error;
    return unpacked(`${file}${PACKED_SUFFIX}`);
  }
}

/** Reads one folder at a time. A folder sorts among files by its name and a slash, as its keys do. */
async function* objectsIn(
  root: string,
  within: string,
  prefix: string,
): AsyncGenerator<{ readonly key: string; readonly size_bytes: number }> {
  const names = (await entriesOf(join(root, within)))
    .filter((entry) => entry.isDirectory() || entry.isFile())
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : plainNameOf(entry.name)))
    .filter(isObjectName);
  const keys = [...new Set(names)]
    .map((name) => `${within}${name}`)
    .filter((key) => key.startsWith(prefix))
    .sort(compareText);
  for (const key of keys) {
    if (key.endsWith('/')) yield* objectsIn(root, key, prefix);
    else {
      const size_bytes = await sizeOf(join(root, key));
      if (size_bytes !== undefined) yield { key, size_bytes };
    }
  }
}

const plainNameOf = (name: string): string => (isPacked(name) ? name.slice(0, -PACKED_SUFFIX.length) : name);

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Undefined when the file was removed after its folder was read. */
async function sizeOf(file: string): Promise<number | undefined> {
  return (await unlessMissing(stat(file)))?.size ?? unlessMissing(plainSizeOf(`${file}${PACKED_SUFFIX}`));
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
