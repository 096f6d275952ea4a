import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSource } from '../../../cli/ingest/open-source.ts';
import { piecesOf } from '../fakes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-source-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function readAll(
  file: string,
  stdin: Readable = piecesOf(),
): Promise<{ text: Buffer; bytesRead: number; error?: unknown }> {
  const pieces: Uint8Array[] = [];
  let bytesRead = 0;
  let error: unknown;
  try {
    for await (const piece of openSource(file, stdin).read((bytes) => {
      bytesRead += bytes;
    })) {
      pieces.push(Uint8Array.from(piece));
    }
  } catch (caught) {
    error = caught;
  }
  return { text: Buffer.concat(pieces), bytesRead, error };
}

function written(content: Uint8Array | string): string {
  const file = join(folder, 'events');
  writeFileSync(file, content);
  return file;
}

/** Does not shrink, so that a file of it is many pieces long. */
const noise = randomBytes(1_500_000);

test('a plain file is read as it is', async () => {
  expect(await readAll(written('a\nb\n'))).toMatchObject({
    text: Buffer.from('a\nb\n'),
    bytesRead: 4,
    error: undefined,
  });
});

test('a gzip file is known by its first bytes, whatever its name, and may have several members', async () => {
  const file = written(Buffer.concat([gzipSync(noise), gzipSync('more\n')]));
  const { text, error } = await readAll(file);
  expect(error).toBeUndefined();
  expect(text.equals(Buffer.concat([noise, Buffer.from('more\n')]))).toBe(true);
});

test('gzip from standard input is known even when its magic number comes in two pieces', async () => {
  const zipped = gzipSync('a\n');
  const { text } = await readAll('-', piecesOf(zipped.subarray(0, 1), zipped.subarray(1)));
  expect(String(text)).toBe('a\n');
});

test('an empty file and a file of one byte are no gzip', async () => {
  expect(String((await readAll(written(''))).text)).toBe('');
  expect(String((await readAll(written('\u001f'))).text)).toBe('\u001f');
});

test('of a gzip file that ends early, everything that is there is given, then why it ends', async () => {
  const zipped = gzipSync(noise);
  const { text, error } = await readAll(written(zipped.subarray(0, 1_000_000)));
  expect(error).toMatchObject({ code: 'Z_BUF_ERROR' });
  expect(text.length).toBeGreaterThan(990_000);
  expect(text.equals(noise.subarray(0, text.length))).toBe(true);
});

test('of a gzip file that only lacks its last bytes, all text is given', async () => {
  const { text, error } = await readAll(written(gzipSync('a\nb\n').subarray(0, -8)));
  expect(String(text)).toBe('a\nb\n');
  expect(error).toMatchObject({ code: 'Z_BUF_ERROR' });
});

test('a damaged gzip file gives what is before the damage', async () => {
  const text = Array.from({ length: 200_000 }, (_, at) => `line ${at}\n`).join('');
  const zipped = gzipSync(text);
  zipped.fill(0xff, zipped.length - 20_000, zipped.length - 19_000);
  const read = await readAll(written(zipped));
  expect(read.error).toBeInstanceOf(Error);
  expect(read.text.length).toBeGreaterThan(text.length / 2);
  expect(text.startsWith(String(read.text.subarray(0, 100_000)))).toBe(true);
});

test('a file that is not there, and a folder, are said to be so', () => {
  expect(() => openSource(join(folder, 'none'), piecesOf())).toThrow(/^there is no file .*none$/);
  expect(() => openSource(folder, piecesOf())).toThrow(/^expected a file, but .* is a folder; name the files in it$/);
});
