import { expect, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { appliedPipelines, expectationsIn } from '../../flows/applied-pipelines.ts';
import { applyPipelines } from '../../flows/apply-pipelines.ts';
import { expectedSlots } from '../../flows/expected.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';
import { fakeIncidentStore } from '../fakes/incident-store.ts';
import { aStore } from '../fakes/object-store.ts';
import { fakePipelineWatches } from '../fakes/pipeline-watches.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const FILE =
  'version: 1\npipelines:\n  orders: { schedule: { cron: "0 */6 * * *", start_grace: 10m } }\n  "*_hourly": { schedule: { every: 1h } }\n';

function aLedger() {
  const live = openLiveStore(':memory:');
  const ports = {
    live,
    store: aStore(),
    incidents: fakeIncidentStore(),
    watches: fakePipelineWatches(),
    hash: contentHash,
    holidays: async () => ({ datesOf: () => undefined }),
    environment: 'prod',
  };
  return { ...ports, apply: (text: string, now = NOW) => applyPipelines(ports, text, now) };
}

test('an applied file is kept, and the pipelines it names are looked at when their next slot must have started', async () => {
  const ledger = aLedger();
  const { problems, watched } = await ledger.apply(FILE);
  expect({ problems, watched }).toEqual({ problems: [], watched: [{ environment: 'prod', process_name: 'orders' }] });
  expect(await appliedPipelines(ledger.store)).toMatchObject({ applied_at: NOW, text: FILE });
  expect(await ledger.watches.listWatches()).toMatchObject([
    { process_name: 'orders', next_check: '2025-11-03T12:10:00.001Z' },
  ]);
});

test('a file with a problem changes nothing', async () => {
  const ledger = aLedger();
  await ledger.apply(FILE);
  const { problems } = await ledger.apply('version: 1\npipelines: { orders: { shedule: {} } }\n');
  expect(problems).toHaveLength(1);
  expect(await appliedPipelines(ledger.store)).toMatchObject({ text: FILE });
});

test('another schedule plans the next look anew', async () => {
  const ledger = aLedger();
  await ledger.apply(FILE);
  await ledger.apply(FILE.replace('0 */6 * * *', '30 12 * * *'));
  expect(await ledger.watches.listWatches()).toMatchObject([{ next_check: '2025-11-03T12:40:00.001Z' }]);
});

test('without a file nothing is expected', async () => {
  expect(expectationsIn(await appliedPipelines(aStore())).pipelines).toEqual([]);
});

test('the slots of a day, past and coming, beside what came of them', async () => {
  const ledger = aLedger();
  await ledger.apply(FILE, '2025-11-02T12:00:00.000Z');
  const run = (
    run_id: string,
    event_type: 'RUN_START' | 'RUN_END',
    event_time: string,
    status?: 'SUCCESS' | 'FAILED',
  ) =>
    anEvent({
      run_id,
      process_name: 'orders',
      event_type,
      event_time,
      ...(status === undefined ? { start_time: event_time } : { status, end_time: event_time }),
    });
  await trackRuns(
    ledger.live,
    foldRuns([
      run('a', 'RUN_START', '2025-11-03T00:01:00.000Z'),
      run('a', 'RUN_END', '2025-11-03T00:30:00.000Z', 'SUCCESS'),
      run('b', 'RUN_START', '2025-11-03T12:00:00.000Z'),
    ]),
  );
  const expectations = expectationsIn(await appliedPipelines(ledger.store));
  const slots = await expectedSlots(
    { ...ledger, expectations },
    '2025-11-03T00:00:00.000Z',
    '2025-11-04T00:00:00.000Z',
    '2025-11-03T12:05:00.000Z',
  );
  expect(slots.map(({ local_time, state, run_ids }) => [local_time.slice(11), state, ...run_ids])).toEqual([
    ['00:00', 'good', 'a'],
    ['06:00', 'missed'],
    ['12:00', 'running', 'b'],
    ['18:00', 'waiting'],
  ]);
});
