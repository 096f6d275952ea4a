import { beforeEach, expect, test } from 'vitest';
import { land, objectLanding } from '../../flows/land.ts';
import { aStore, type FakeStore } from '../fakes/object-store.ts';
import { settings } from '../lambdas/fakes.ts';

const batch = {
  lines: ['{"run_id":"a"}', '{"run_id":"b"}'],
  rejections: [
    {
      rejection_key: 'k1',
      received_at: '2025-11-03T12:59:00.000Z',
      reason: { kind: 'not_json', detail: 'syntax error' },
      payload: '{broken',
    },
  ],
  oversized: [{ key: 'k2', text: '{"whole":true}' }],
  resent: [{ rejection_key: 'k3', decided_at: '2025-11-03T12:59:00.000Z', decision: 'accepted' }],
} as const;
const nothing = { lines: [], rejections: [], oversized: [], resent: [] };

let store: FakeStore;
beforeEach(() => {
  store = aStore();
});
const landingOf = (from: readonly string[], ...arrivals: readonly string[]) =>
  objectLanding(store, settings.hash, from, arrivals);
const landing = (...from: readonly string[]) => landingOf(from, '2025-11-03T13:01:00.000Z', '2025-11-03T12:59:00.000Z');
const keys = () => [...store.objects.keys()];

test('rejections and whole oversized lines land before accepted lines, decisions after them, all in the hour of the first arrival', async () => {
  await land(landing('record-1', 'record-2'), batch);
  expect(keys()).toEqual([
    expect.stringMatching(/^rejected\/dt=2025-11-03\/hh=12\/aside-[0-9a-f]{32}\.ndjson$/),
    'oversize/dt=2025-11-03/k2.json',
    expect.stringMatching(/^raw\/dt=2025-11-03\/hh=12\/aside-[0-9a-f]{32}\.ndjson$/),
    expect.stringMatching(/^rejected\/dt=2025-11-03\/hh=12\/decided-[0-9a-f]{32}\.ndjson$/),
  ]);
  const [rejections, whole, lines, decisions] = [...store.objects.values()];
  expect(JSON.parse(rejections ?? '')).toMatchObject({ rejection_key: 'k1', kind: 'not_json', payload: '{broken' });
  expect(whole).toBe('{"whole":true}');
  expect(lines).toBe('{"run_id":"a"}\n{"run_id":"b"}\n');
  expect(decisions).toBe('{"rejection_key":"k3","received_at":"2025-11-03T12:59:00.000Z","decision":"accepted"}\n');
});

test('no accepted line lands when what stands beside it cannot be kept', async () => {
  for (const refused of ['rejected/', 'oversize/']) {
    store = aStore();
    store.refused.add(refused);
    await expect(land(landing('record-1'), batch)).rejects.toThrow(`the bucket refuses ${refused}`);
    expect(keys().filter((key) => key.startsWith('raw/'))).toEqual([]);
  }
});

test('the same arrivals overwrite their own objects, and others do not', async () => {
  await land(landing('record-1'), batch);
  await land(landing('record-1'), batch);
  expect(keys()).toHaveLength(4);
  await land(landing('record-2'), { ...batch, oversized: [] });
  expect(keys()).toHaveLength(7);
});

test('nothing to land writes nothing', async () => {
  await land(landingOf(['record-1']), nothing);
  expect(keys()).toEqual([]);
});
