import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openObjectStore } from '../../adapters/file-system/object-store.ts';
import { sha256 } from '../../adapters/sha256.ts';
import { manifestKey } from '../../core/object-keys.ts';
import { sealDays } from '../../flows/seal-days.ts';
import { openSeals } from '../../local/sealed.ts';
import { aClock } from '../fakes/clock.ts';
import { aLedger, anIo, runOn } from './fakes.ts';

const key = (day: string, name = 'a') => `raw/dt=${day}/hh=12/${name}.ndjson`;
let dir: string;
const seal = (now: string) =>
  sealDays({ store: openObjectStore(dir), clock: aClock(now), sha256, keptFrom: async () => ({}) });
const verify = (...args: readonly string[]) =>
  runOn(aLedger(), ['verify', '--data', dir, ...args], anIo(), {
    sealsOf: async ({ data = '' }) => openSeals(data),
  });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-verify-'));
  const store = openObjectStore(dir);
  for (const day of ['2025-11-01', '2025-11-02']) await store.put(key(day), `a line of ${day}\n`);
  await store.put('acts/dt=2025-11-02/1-silence-0.ndjson', '{"kind":"silence"}\n');
  await seal('2025-11-03T12:00:00.000Z');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('what was not touched is proven, and the head is printed', async () => {
  const { code, out } = await verify();
  expect(code).toBe(0);
  expect(out).toMatch(
    /^3 objects are as they were sealed, in 2 manifests from 2025-11-01 to 2025-11-02\nhead [0-9a-f]{64}\n$/,
  );
});

test('the head alone is what --expect takes, then and after further days', async () => {
  const { out } = await verify('--head');
  await seal('2025-11-05T12:00:00.000Z');
  expect(await verify('--expect', out.trim())).toMatchObject({ code: 0 });
  expect((await verify('--head')).out).not.toBe(out);
});

test('each byte of a file counts, and the file is named', async () => {
  const file = join(dir, key('2025-11-01'));
  const bytes = readFileSync(file);
  bytes[3] = (bytes[3] ?? 0) ^ 1;
  writeFileSync(file, bytes);
  renameSync(join(dir, key('2025-11-02')), join(dir, key('2025-11-02', 'b')));
  const { code, err } = await verify();
  expect(code).toBe(1);
  expect(err).toContain(`changed   ${key('2025-11-01')}: expected 21 bytes`);
  expect(err).toContain(`missing   ${key('2025-11-02')}, which was sealed with 2025-11-02`);
  expect(err).toContain(`added     ${key('2025-11-02', 'b')}: its day is sealed, and no manifest lists it`);
  expect(err).toContain('3 problems: what is kept is not what was sealed');
});

test('a manifest that was changed breaks the chain on its day, and no head is printed', async () => {
  const file = join(dir, manifestKey('2025-11-01'));
  writeFileSync(file, readFileSync(file, 'utf8').replace(',21,', ',22,'));
  expect(await verify()).toMatchObject({ code: 1 });
  const { code, out, err } = await verify('--head');
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/the manifest of 2025-11-02 follows [0-9a-f]{64}, but that of 2025-11-01, the one before, has/);
});

test('a program gets the whole report as JSON', async () => {
  rmSync(join(dir, key('2025-11-01')));
  const { code, out } = await verify('--json', '--to', '2025-11-01');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    ...{ first_day: '2025-11-01', last_day: '2025-11-02', manifests: 2, verified: 0, expired: 0, waiting: 0, late: [] },
    problems: [{ kind: 'missing', object: key('2025-11-01'), day: '2025-11-01' }],
  });
});

test.each([
  [['--from', 'yesterday'], 'expected a UTC day such as 2025-11-21.'],
  [['--from', '2025-11-02', '--to', '2025-11-01'], 'expected --from before --to'],
  [['--expect', 'abc'], 'expected the 64 hexadecimal digits'],
])('%s is refused', async (args, message) => {
  const { code, err } = await verify(...args);
  expect(code).toBe(2);
  expect(err).toContain(message);
});

test('where no day is sealed, that is said', async () => {
  rmSync(join(dir, 'manifests'), { recursive: true });
  for (const args of [[], ['--head']]) {
    const { code, err } = await verify(...args);
    expect(code).toBe(4);
    expect(err).toContain('expected a sealed day, but none is');
  }
  expect(readdirSync(dir)).not.toContain('manifests');
});

test('a head that was kept is named as missed when every manifest is gone', async () => {
  const head = (await verify('--head')).out.trim();
  rmSync(join(dir, 'manifests'), { recursive: true });
  const { code, out, err } = await verify('--expect', head);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(`no manifest has the hash ${head}`);
});

test('days of which none is sealed yet are not called proven', async () => {
  const { code, out, err } = await verify('--from', '2025-11-03');
  expect([code, out]).toEqual([4, '']);
  expect(err).toContain('expected --from up to the last sealed day, 2025-11-02, got 2025-11-03');
  expect((await verify('--json', '--from', '2025-11-03')).code).toBe(4);
});
