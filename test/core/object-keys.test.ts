import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { arrivalDateOf, arrivalFolder, FOLDERS, oversizeKey, rawFolder } from '../../core/object-keys.ts';

const ARRIVED_AT = '2025-11-03T12:34:56.789Z';

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
