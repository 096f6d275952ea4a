import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { arrivalDateOf, arrivalFolder, FOLDERS, oversizeKey, rawFolder } from '../../core/object-keys.ts';

const ARRIVED_AT = '2025-11-03T12:34:56.789Z';
const EARLY = '2025-11-03T07:59:59.999Z';

test('lines land in folders by the UTC hour in which they arrived', () => {
  expect(arrivalFolder(FOLDERS.rejected, ARRIVED_AT)).toBe('rejected/dt=2025-11-03/hh=12/');
  expect(oversizeKey('abc', ARRIVED_AT)).toBe('oversize/dt=2025-11-03/abc.json');
  expect(rawFolder()).toBe('raw/');
  expect(arrivalFolder(FOLDERS.raw, ARRIVED_AT).startsWith(rawFolder('2025-11-03'))).toBe(true);
  expect(arrivalDateOf(`${arrivalFolder(FOLDERS.raw, ARRIVED_AT)}a`)).toBe('2025-11-03');
  expect(arrivalDateOf('raw/')).toBeUndefined();
});

/** A text that is the name of a folder, begins with it, or holds it between slashes. Ordinary words alone are none. */
const NAMED =
  /(?<!=== )['"`](?:raw|rejected|oversize)['"`]|['"`/](?:raw|rejected|oversize|failed|tables|results)\/(?!\w+\.(?:ts|sql)\b)/;
const SOURCES = '{core,flows,sql,adapters,aws,local,lambdas,ledger,lib,cli}/**/*.{ts,sql}';

test('no other file names a folder of the object store', () => {
  const named = globSync(SOURCES)
    .filter((file) => file !== 'core/object-keys.ts')
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .replaceAll(/\/\*[\s\S]*?\*\/|(?<=^\s*)(?:\/\/|--).*$/gm, '')
        .split('\n')
        // The messages of the object stores show what a key may look like.
        .filter((line) => NAMED.test(line) && !line.includes('Expected a key such as'))
        .map((line) => `${file}: ${line.trim()}`),
    );
  expect(named).toEqual([]);
});

test('accepted lines lie in raw/, by the UTC day and hour of their arrival', () => {
  expect(rawFolder()).toBe('raw/');
  expect(rawFolder('2025-11-03')).toBe('raw/dt=2025-11-03/');
  expect(arrivalFolder(FOLDERS.raw, EARLY)).toBe('raw/dt=2025-11-03/hh=07/');
  expect(arrivalFolder(FOLDERS.raw, EARLY).startsWith(rawFolder('2025-11-03'))).toBe(true);
});

test('a line kept whole bears the name of its event', () => {
  expect(oversizeKey('0a', EARLY)).toBe('oversize/dt=2025-11-03/0a.json');
});

test('a key tells the day of its arrival; one that has none tells none', () => {
  expect(arrivalDateOf('raw/dt=2025-11-03/hh=07/a.ndjson')).toBe('2025-11-03');
  expect(arrivalDateOf('raw/dt=2025-11-03/')).toBe('2025-11-03');
  for (const key of ['raw/a.ndjson', 'raw/dt=2025-11-03', 'raw/dt=2025-11/hh=07/a', 'raw/dt=2025-11-031/a', '']) {
    expect(arrivalDateOf(key)).toBeUndefined();
  }
});
