import { expect, onTestFinished, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import { applyPipelines } from '../../flows/apply-pipelines.ts';
import { handlerOf } from '../../lambdas/record-slots.ts';
import { aClock } from '../fakes/clock.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';
import { aLiveStore, aReport } from './fakes.ts';

test('the slots of yesterday and today are written by their day, whole each time', async () => {
  const live = aLiveStore();
  onTestFinished(() => live.close());
  const clock = aClock('2025-11-03T12:00:00.000Z');
  const store = aStore();
  const report = aReport();
  const ports = { ...judging(), live, store, clock, report, environment: 'prod' };
  const file = 'version: 1\npipelines: { nightly: { schedule: { cron: "0 2 * * *" } } }\n';
  await applyPipelines(
    { ...ports, hash: contentHash, holidays: async () => ({ datesOf: () => [] }) },
    file,
    '2025-11-01T00:00:00.000Z',
  );
  await handlerOf(ports)();
  clock.pass(3_600_000);
  await handlerOf(ports)();
  expect(report.lines.map(({ counts }) => counts)).toEqual([{ slots: 2 }, { slots: 2 }]);
  const written = [...store.objects.keys()].filter((key) => key.startsWith('slots/'));
  expect(written.sort()).toEqual(['slots/dt=2025-11-02/slots.ndjson', 'slots/dt=2025-11-03/slots.ndjson']);
  const [line] = String(store.objects.get('slots/dt=2025-11-03/slots.ndjson')).trim().split('\n');
  expect(JSON.parse(line ?? '')).toMatchObject({
    ...{ process_name: 'nightly', slot: '2025-11-03T02:00:00.000Z', state: 'missed' },
    recorded_at: '2025-11-03T13:00:00.000Z',
  });
});
