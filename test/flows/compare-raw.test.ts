import { expect, test } from 'vitest';
import { compareRaw } from '../../flows/compare-raw.ts';
import { aStore } from '../fakes/object-store.ts';

const key = (name: string) => `raw/dt=2025-11-03/hh=12/${name}.ndjson`;

test('what is gone, what changed, and what nobody recorded', async () => {
  const store = aStore();
  store.objects.set(key('whole'), 'abc\n').set(key('cut'), 'a').set(key('new'), '').set('rejected/x', '');
  const records = ['whole', 'cut', 'gone'].map((name) => ({ object: key(name), size_bytes: 4 }));
  expect(await compareRaw(store, records)).toEqual({
    objects: 3,
    missing: [key('gone')],
    changed: [{ object: key('cut'), recorded_bytes: 4, found_bytes: 1 }],
    unrecorded: [key('new')],
  });
});
