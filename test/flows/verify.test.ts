import { beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../adapters/sha256.ts';
import { manifestKey } from '../../core/object-keys.ts';
import { sealDays } from '../../flows/seal-days.ts';
import { verify } from '../../flows/verify.ts';
import { aClock } from '../fakes/clock.ts';
import { aStore, type FakeStore } from '../fakes/object-store.ts';

const raw = (day: number, name = 'a') => `raw/dt=2025-11-0${day}/hh=12/${name}.ndjson`;
const act = (day: number) => `acts/dt=2025-11-0${day}/1-silence.ndjson`;
let store: FakeStore;
let keptFrom: Record<string, string>;
const seal = (now: string, stop?: () => boolean) =>
  sealDays({ store, clock: aClock(now), sha256, keptFrom: async () => keptFrom }, stop);
const prove = (options = {}) => verify({ store, sha256 }, options);

beforeEach(async () => {
  store = aStore();
  keptFrom = {};
  for (const day of [1, 2, 4]) store.objects.set(raw(day), `line of ${day}\n`);
  store.objects.set(act(2), '{"kind":"silence"}\n');
  store.objects.set('rejected/none.ndjson', '');
  store.objects.set('settings/pipelines.json', '{}');
});

test('days are sealed in order once they are closed for three hours, each once; empty ones but the last are left out', async () => {
  expect(await seal('2025-11-06T02:59:00.000Z')).toEqual({
    days: ['2025-11-01', '2025-11-02', '2025-11-04'],
    objects: 4,
  });
  expect(await seal('2025-11-06T02:59:00.000Z')).toEqual({ days: [], objects: 0 });
  const before = store.objects.get(manifestKey('2025-11-04'));
  expect(await seal('2025-11-06T03:00:00.000Z')).toEqual({ days: ['2025-11-05'], objects: 0 });
  expect(store.objects.get(manifestKey('2025-11-04'))).toBe(before);
  expect(await prove()).toMatchObject({
    ...{ first_day: '2025-11-01', last_day: '2025-11-05', manifests: 4, verified: 4, expired: 0, problems: [] },
  });
});

test('sealing that stops between two days goes on with the next one', async () => {
  let days = 0;
  expect(await seal('2025-11-06T12:00:00.000Z', () => days++ > 0)).toMatchObject({ days: ['2025-11-01'] });
  expect(await seal('2025-11-06T12:00:00.000Z')).toMatchObject({ days: ['2025-11-02', '2025-11-04', '2025-11-05'] });
  expect((await prove()).problems).toEqual([]);
});

test.each([
  ['missing', () => store.objects.delete(raw(2)), { object: raw(2), day: '2025-11-02' }],
  ['changed', () => store.objects.set(raw(2), 'line of 3\n'), { object: raw(2), day: '2025-11-02' }],
  ['changed', () => store.objects.set(act(2), ''), { object: act(2), day: '2025-11-02' }],
  ['added', () => store.objects.set(raw(2, 'forged'), 'x\n'), { object: raw(2, 'forged') }],
  ['chain_broken', () => store.objects.delete(manifestKey('2025-11-02')), { day: '2025-11-04', before: '2025-11-01' }],
  ['manifest_damaged', () => store.objects.set(manifestKey('2025-11-02'), 'x'), { day: '2025-11-02' }],
])('%s: exactly that is named', async (kind, forge, what) => {
  await seal('2025-11-06T12:00:00.000Z');
  forge();
  const { problems } = await prove();
  expect(problems[0]).toMatchObject({ kind, ...what });
  const isOfObject = kind === 'missing' || kind === 'changed' || kind === 'added';
  if (isOfObject) expect(problems).toHaveLength(1);
});

test('a forger who writes a manifest anew to fit what they changed breaks the chain, or the head', async () => {
  await seal('2025-11-06T12:00:00.000Z');
  const { head } = await prove();
  store.objects.set(raw(2), 'forged\n');
  for (const day of [2, 4, 5]) store.objects.delete(manifestKey(`2025-11-0${day}`));
  await seal('2025-11-06T12:00:00.000Z');
  expect((await prove()).problems, 'a whole new chain fits itself').toEqual([]);
  expect((await prove({ expect: head })).problems).toEqual([{ kind: 'head_unknown', expected: head }]);
});

test('what came late is in the manifest of a later day, and named; no earlier one changes', async () => {
  await seal('2025-11-05T12:00:00.000Z');
  store.objects.set(raw(1, 'late'), 'late\n');
  store.objects.set('incidents/dt=2025-11-01/hh=00/decided-later.ndjson', '{}\n');
  expect(await prove()).toMatchObject({ waiting: 1, problems: [{ kind: 'added', object: raw(1, 'late') }] });
  expect(await seal('2025-11-06T12:00:00.000Z')).toEqual({ days: ['2025-11-05'], objects: 2 });
  expect(await prove()).toMatchObject({
    ...{ waiting: 0, problems: [], late: [{ object: raw(1, 'late'), sealed_with: '2025-11-05' }] },
  });
});

test('what was deleted because its time was over is told from what was deleted', async () => {
  await seal('2025-11-05T12:00:00.000Z');
  store.objects.delete(raw(1));
  store.objects.delete(act(2));
  expect((await prove()).problems.map(({ kind }) => kind)).toEqual(['missing', 'missing']);
  keptFrom = { raw: '2025-11-02' };
  await seal('2025-11-06T12:00:00.000Z');
  expect(await prove()).toMatchObject({ expired: 1, problems: [{ kind: 'missing', object: act(2) }] });
});

test('only the wanted days are read, and how far it has come is told', async () => {
  await seal('2025-11-06T12:00:00.000Z');
  store.objects.delete(raw(1));
  const told: (readonly [number, number])[] = [];
  const report = await verify({ store, sha256 }, { from: '2025-11-02', to: '2025-11-03' }, (...at) => told.push(at));
  expect(report).toMatchObject({ verified: 2, problems: [] });
  expect(told).toEqual([[2, 2]]);
});

test('nothing is sealed behind a manifest that was changed', async () => {
  await seal('2025-11-05T12:00:00.000Z');
  store.objects.set(manifestKey('2025-11-04'), 'forged');
  await expect(seal('2025-11-06T12:00:00.000Z')).rejects.toThrow(
    'expected the manifest manifests/dt=2025-11-04/manifest.ndjson as the ledger wrote it, but it was changed; nothing was sealed: `verify` says more',
  );
});

test('a ledger without a sealed day has nothing to prove', async () => {
  expect(await prove()).toMatchObject({ head: null, manifests: 0, verified: 0, problems: [] });
});
