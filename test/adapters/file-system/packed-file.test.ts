import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openObjectStore } from '../../../adapters/file-system/object-store.ts';
import { pack, plainObjects } from '../../../adapters/file-system/packed-file.ts';
import { CorruptObjectError } from '../../../core/ports/object-store.ts';

const FOLDER = 'raw/dt=2025-11-03/hh=12';
const OBJECT = `${FOLDER}/a.ndjson`;
const LINES = '{"n":"é"}\n'.repeat(1000);
let root: string;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'runledger-'));
  await openObjectStore(root).put(OBJECT, LINES);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function listed() {
  const found: { readonly key: string; readonly size_bytes: number }[] = [];
  for await (const object of openObjectStore(root).list('raw/')) found.push(object);
  return found;
}

const files = () => readdirSync(join(root, FOLDER));
const textOf = async () => new TextDecoder().decode(await openObjectStore(root).get(OBJECT));

test('a packed object keeps its key, its size and its content, in a smaller file that any zstd reads', async () => {
  const before = await listed();
  expect(await pack(root, OBJECT)).toBe(true);
  expect(await listed()).toEqual(before);
  expect(await textOf()).toBe(LINES);
  expect(files()).toEqual(['a.ndjson.zst']);
  const packed = readFileSync(join(root, `${OBJECT}.zst`));
  expect(packed.length).toBeLessThan(LINES.length / 10);
  expect(zstdDecompressSync(packed).toString()).toBe(LINES);
  expect(plainObjects(root, 'raw')).toEqual([]);
});

test('an object whose packing was interrupted before its plain file was removed is one object, and is packed again', async () => {
  const plain = join(root, OBJECT);
  copyFileSync(plain, join(root, 'kept'));
  await pack(root, OBJECT);
  copyFileSync(join(root, 'kept'), plain);
  expect(await listed()).toEqual([{ key: OBJECT, size_bytes: Buffer.byteLength(LINES) }]);
  expect(await textOf()).toBe(LINES);
  expect(plainObjects(root, 'raw')).toEqual([OBJECT]);
  expect(await pack(root, OBJECT)).toBe(true);
  expect(files()).toEqual(['a.ndjson.zst']);
});

test('an object whose packing was interrupted before that is as it was', async () => {
  writeFileSync(join(root, FOLDER, '.tmp-half'), 'half a file');
  expect(await listed()).toEqual([{ key: OBJECT, size_bytes: Buffer.byteLength(LINES) }]);
  expect(plainObjects(root, 'raw')).toEqual([OBJECT]);
});

test('a packed file that was cut is of another size than was recorded, and cannot be read', async () => {
  const [before] = await listed();
  await pack(root, OBJECT);
  const packed = join(root, `${OBJECT}.zst`);
  truncateSync(packed, readFileSync(packed).length - 20);
  const [after] = await listed();
  expect(after?.size_bytes).not.toBe(before?.size_bytes);
  await expect(openObjectStore(root).get(OBJECT)).rejects.toBeInstanceOf(CorruptObjectError);
});

test('an object that is gone is not packed', async () => {
  rmSync(join(root, OBJECT));
  expect(await pack(root, OBJECT)).toBe(false);
  expect(files()).toEqual([]);
});
