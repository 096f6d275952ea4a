import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../adapters/duckdb/database.ts';
import { rawLinesView } from '../../../adapters/duckdb/raw-lines.ts';
import { compareText } from '../../../core/run/stamped.ts';
import prelude from '../../../sql/duckdb-prelude.sql';

const HOUR = 'raw/dt=2025-11-03/hh=12';
let root: string;
let database: Database;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'runledger-'));
  database = await openDatabase({ path: ':memory:', root, prelude });
});
afterEach(() => {
  database.close();
  rmSync(root, { recursive: true, force: true });
});

function write(name: string, ...parts: readonly (string | Uint8Array)[]): string {
  const object = `${HOUR}/${name}.ndjson`;
  mkdirSync(dirname(join(root, object)), { recursive: true });
  writeFileSync(join(root, object), Buffer.concat(parts.map((part) => Buffer.from(part))));
  return object;
}

async function linesOf(...objects: readonly string[]) {
  const connection = await database.connect();
  await connection.run(rawLinesView(root, objects));
  const reader = await connection.runAndReadAll('select "$path", dt, hh, line from raw_lines');
  return reader.getRowsJson().sort((a, b) => compareText(a.join(), b.join()));
}

test('a file with a byte that is not UTF-8 is read but for the line that has it', async () => {
  const sound = write('a', '{"n":1}\n');
  const damaged = write('b', '{"n":"é"}\n{"n":"', Uint8Array.of(0xff), 'x"}\n', '{"n":3}\n');
  expect(await linesOf(sound, damaged)).toEqual([
    [sound, '2025-11-03', '12', '{"n":1}'],
    [damaged, '2025-11-03', '12', '{"n":"é"}'],
    [damaged, '2025-11-03', '12', '{"n":"\uFFFD'],
    [damaged, '2025-11-03', '12', '{"n":3}'],
  ]);
});

test('a line whose damage stands behind its end is no line of JSON either', async () => {
  const [[, , , line] = []] = await linesOf(write('a', '{"n":1}', Uint8Array.of(0xc3), '\n'));
  expect(line).toBe('{"n":1}\uFFFD');
});

test('a file with a line beyond what DuckDB reads is read but for that line', async () => {
  const long = write('a', '{"n":1}\n', 'x'.repeat(3_000_000), '\n{"n":2}\n');
  expect((await linesOf(long)).map(([, , , line]) => String(line).slice(0, 9))).toEqual([
    'xxxxxxxxx',
    '{"n":1}',
    '{"n":2}',
  ]);
});

test('a file without a last line end, and none at all', async () => {
  expect(await linesOf(write('a', '{"n":1}\n', Uint8Array.of(0xff)))).toHaveLength(2);
  expect(await linesOf(write('empty'))).toEqual([]);
  expect(await linesOf()).toEqual([]);
});

test('an object that is gone is an error', () => {
  expect(() => rawLinesView(root, [`${HOUR}/gone.ndjson`])).toThrow(/ENOENT/);
});

test('a packed file is read as the object that is in it, beside plain ones, and in a copy when a line is damaged', async () => {
  const plain = write('a', '{"n":1}\n');
  const packed = write('b', '{"n":2}\n');
  const damaged = write('c', '{"n":3}\n{"n":"', Uint8Array.of(0xff), 'x"}\n');
  for (const object of [packed, damaged]) {
    const file = join(root, object);
    writeFileSync(`${file}.zst`, zstdCompressSync(readFileSync(file)));
    rmSync(file);
  }
  expect(await linesOf(plain, packed, damaged)).toEqual([
    [plain, '2025-11-03', '12', '{"n":1}'],
    [packed, '2025-11-03', '12', '{"n":2}'],
    [damaged, '2025-11-03', '12', '{"n":"\uFFFD'],
    [damaged, '2025-11-03', '12', '{"n":3}'],
  ]);
});
