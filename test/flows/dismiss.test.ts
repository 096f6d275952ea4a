import { expect, test } from 'vitest';
import { dismissRejections } from '../../flows/dismiss.ts';
import { aStore } from '../fakes/object-store.ts';

const clock = { now: () => '2025-11-03T12:00:00.000Z' };
const mask = (text: string): string => text.replaceAll('secret', '[masked]');

test('a dismissal is an object beside the rejections, its reason masked', async () => {
  const store = aStore();
  await dismissRejections({ store, clock, mask }, { keys: ['k1', 'k2'], reason: 'the secret one\n', who: 'ada' });
  expect([...store.objects]).toEqual([
    [
      'rejected/dt=2025-11-03/hh=12/dismissed-20251103120000000-k1.ndjson',
      `${[
        '{"rejection_key":"k1","received_at":"2025-11-03T12:00:00.000Z","decision":"dismissed","reason":"the [masked] one\\n","who":"ada"}',
        '{"rejection_key":"k2","received_at":"2025-11-03T12:00:00.000Z","decision":"dismissed","reason":"the [masked] one\\n","who":"ada"}',
      ].join('\n')}\n`,
    ],
  ]);
});

test('nothing to dismiss writes nothing', async () => {
  const store = aStore();
  await dismissRejections({ store, clock, mask }, { keys: [], reason: 'r' });
  expect(store.objects.size).toBe(0);
});
