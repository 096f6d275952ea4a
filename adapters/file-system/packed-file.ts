import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { errorMessage } from '../../core/error-message.ts';
import { PACKED_SUFFIX } from '../../core/object-keys.ts';
import { CorruptObjectError } from '../../core/ports/object-store.ts';
import { syncFolder, writeThrough } from './durable.ts';
import { isMissingFile } from './missing-file.ts';
import { fileOf, isObjectName, TEMPORARY_PREFIX } from './object-key.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/** The fastest: lines repeat their names and most of their values, so the slower levels gain next to nothing. */
const LEVEL = 1;

/**
 * Puts zstd in the place of the plain file of an object. There is a whole file of it at every moment, and for a moment
 * there may be two, which say the same: the plain one is then read, and packing it again ends that. Returns false when
 * there is no plain file.
 */
export async function pack(root: string, object: string): Promise<boolean> {
  const file = fileOf(root, object);
  const folder = dirname(file);
  const temporary = join(folder, `${TEMPORARY_PREFIX}${randomUUID()}`);
  try {
    const plain = await readFile(file);
    const packed = await compress(plain, { params: PARAMETERS, pledgedSrcSize: plain.length });
    await writeThrough(temporary, Buffer.concat([packed, trailerOf(plain.length, packed.length)]));
    await rename(temporary, `${file}${PACKED_SUFFIX}`);
    syncFolder(folder);
    await rm(file);
    syncFolder(folder);
    return true;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (isMissingFile(error)) return false;
    throw new Error(
      `Expected to pack ${object} in ${root}, got: ${errorMessage(error)}. It stays as it was, and is tried again.`,
      { cause: error },
    );
  }
}

const PARAMETERS = { [constants.ZSTD_c_compressionLevel]: LEVEL, [constants.ZSTD_c_checksumFlag]: 1 };

/** The keys below a folder whose files are plain lines, in order. */
export function plainObjects(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ndjson') && isObjectName(basename(name)))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort();
}

/** The content of a packed file. Throws `CorruptObjectError` when it does not unpack whole. */
export async function unpacked(file: string): Promise<Uint8Array> {
  const packed = await readFile(file);
  try {
    return await decompress(packed);
  } catch (error) {
    throw new CorruptObjectError(
      `Expected ${file} to be whole zstd, got ${errorMessage(error)}. Restore it from a copy, or remove it.`,
      { cause: error },
    );
  }
}

/**
 * How many bytes the object has that is packed in this file. Of a file that was cut or changed, or that another program
 * packed, the bytes of the file itself.
 */
export async function plainSizeOf(file: string): Promise<number> {
  const { size } = await stat(file);
  const trailer = Buffer.alloc(TRAILER_BYTES);
  const handle = await open(file, 'r');
  try {
    await handle.read(trailer, 0, TRAILER_BYTES, Math.max(0, size - TRAILER_BYTES));
  } finally {
    await handle.close();
  }
  const isOurs = trailer.readUInt32LE(0) === SKIPPABLE && trailer.readUInt32LE(12) === size - TRAILER_BYTES;
  return isOurs ? trailer.readUInt32LE(8) : size;
}

/** A frame that every reader of zstd skips (RFC 8878, 3.1.2): the sizes before and after packing. */
const SKIPPABLE = 0x184d2a50;
const TRAILER_BYTES = 16;

function trailerOf(plainBytes: number, packedBytes: number): Buffer {
  const trailer = Buffer.alloc(TRAILER_BYTES);
  for (const [at, value] of [SKIPPABLE, 8, plainBytes, packedBytes].entries()) trailer.writeUInt32LE(value, at * 4);
  return trailer;
}
