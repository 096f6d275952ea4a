import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSource } from '../../../cli/ingest/open-source.ts';
import { piecesOf } from '../fakes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-source-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

test('a file is read as it is, and what was read is counted', async () => {
  const file = join(folder, 'events');
  writeFileSync(file, 'a\nb\n');
  const pieces: Uint8Array[] = [];
  let bytesRead = 0;
  const source = openSource(file, piecesOf()).read(never, (bytes) => {
    bytesRead += bytes;
  });
  for await (const piece of source) pieces.push(piece);
  expect([String(Buffer.concat(pieces)), bytesRead]).toEqual(['a\nb\n', 4]);
});

test('standard input that stays open is let go of when the signal is aborted', async () => {
  const stop = new AbortController();
  const stdin = new PassThrough();
  const reading = openSource('-', stdin).read(stop.signal)[Symbol.asyncIterator]();
  stdin.write('a');
  expect(String((await reading.next()).value)).toBe('a');
  const next = reading.next();
  stop.abort();
  await expect(next).rejects.toMatchObject({ name: 'AbortError' });
  expect(stdin.destroyed).toBe(true);
});

test('a file that is not there, and a folder, are said to be so', () => {
  expect(() => openSource(join(folder, 'none'), piecesOf())).toThrow(/^there is no file .*none$/);
  expect(() => openSource(folder, piecesOf())).toThrow(/^expected a file, but .* is a folder; name the files in it$/);
});
