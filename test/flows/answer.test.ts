import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { listRuns, showRun } from '../../flows/answer.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';

const NOW = '2025-11-03T12:10:00.000Z';
let live: LiveStore;
beforeEach(async () => {
  live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  const lease_ms = 60_000;
  await trackRuns(
    live,
    foldRuns([
      anEvent({ run_id: 'silent', lease_ms }),
      anEvent({ run_id: 'alive', event_time: '2025-11-03T12:09:50.000Z', lease_ms }),
      anEvent({ run_id: 'alive', step_name: 'load', event_type: 'STEP_START', event_time: NOW, lease_ms }),
      anEvent({ run_id: 'alive', process_name: 'other', event_type: 'RUN_END', status: 'SUCCESS' }),
    ]),
  );
});

test('runs are listed latest start first, as the clock sees them', async () => {
  const runs = await listRuns(live, { limit: 2 }, NOW);
  expect(runs.map(({ run_id, status }) => [run_id, status])[0]).toEqual(['alive', 'RUNNING']);
  expect(runs).toHaveLength(2);
  const silent = await listRuns(live, { limit: 9, run_id: 'silent' }, NOW);
  expect(silent.map(({ status }) => status)).toEqual(['LOST']);
});

test('of one id every pipeline’s run is shown, with its steps', async () => {
  const shown = await showRun(live, { run_id: 'alive' }, NOW);
  expect(
    shown.map(({ run, steps }) => [run.process_name, run.status, steps.map(({ step_name }) => step_name)]),
  ).toEqual([
    ['customer_daily', 'RUNNING', ['load']],
    ['other', 'SUCCESS', []],
  ]);
  expect(await showRun(live, { run_id: 'alive', process_name: 'other' }, NOW)).toHaveLength(1);
  expect(await showRun(live, { run_id: 'nobody' }, NOW)).toEqual([]);
});
