import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recoverSegments } from '../../../adapters/file-system/segment-log.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runledger-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const files = () => readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.ndjson'));
const contentOf = (object: string) => readFileSync(join(root, object), 'utf8');

describe('recovery', () => {
  const leave = (name: string, content: string | Uint8Array) => {
    const file = join(root, 'raw', 'dt=2025-11-03', 'hh=12', `${name}.ndjson.open`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return `raw/dt=2025-11-03/hh=12/${name}.ndjson`;
  };

  test('finds nothing where nothing was written', () => {
    expect(recoverSegments(root, 'raw')).toEqual([]);
  });

  test('cuts a line that was torn at any byte, and keeps the whole ones', () => {
    const content = Buffer.from('{"a":1}\n{"name":"\u{1F600}"}\n{"c":3}\n');
    const ends = [...content.keys()].filter((at) => content[at] === 0x0a).map((at) => at + 1);
    for (let torn = 0; torn <= content.length; torn++) {
      const object = leave(`torn-${torn}`, content.subarray(0, torn));
      const whole = Math.max(0, ...ends.filter((end) => end <= torn));
      const lines = ends.filter((end) => end <= torn).length;
      expect(recoverSegments(root, 'raw')).toEqual(lines === 0 ? [] : [{ object, lines, size_bytes: whole }]);
      expect(existsSync(join(root, object))).toBe(lines > 0);
      if (lines > 0) expect(readFileSync(join(root, object))).toEqual(content.subarray(0, whole));
      rmSync(join(root, object), { force: true });
      expect(files()).toEqual([]);
    }
  });

  test('finds the end of the last line however far it is from the end of the file', () => {
    const whole = `${'x'.repeat(70_000)}\n${'y\n'.repeat(100_000)}`;
    for (const tail of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
      const object = leave(`tail-${tail}`, whole + 'z'.repeat(tail));
      expect(recoverSegments(root, 'raw')).toEqual([{ object, lines: 100_001, size_bytes: whole.length }]);
      expect(contentOf(object)).toHaveLength(whole.length);
    }
  });

  test('seals every segment left open under the prefix, by key, and leaves others alone', () => {
    const later = leave('b', '1\n');
    const earlier = leave('a', '1\n2\n');
    writeFileSync(join(root, 'raw', 'note.open'), 'not ours');
    mkdirSync(join(root, 'rejected'));
    writeFileSync(join(root, 'rejected', 'c.ndjson.open'), '1\n');
    expect(recoverSegments(root, 'raw').map(({ object }) => object)).toEqual([earlier, later]);
    expect(files().sort()).toEqual([earlier, later, join('rejected', 'c.ndjson.open')]);
    expect(recoverSegments(root, 'raw')).toEqual([]);
  });

  test('says which segment it could not seal', () => {
    const object = leave('a', '1\n');
    mkdirSync(join(root, object));
    expect(() => recoverSegments(root, 'raw')).toThrow(`Expected to seal ${object}, left open in ${root}, got: EISDIR`);
  });
});
