import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { listAllRuns, showAnyRun } from '../../flows/recall.ts';
import { trackRuns } from '../../flows/track.ts';
import { derive, insertLines } from '../agreement/derive.ts';
import { openTestLake, type TestLake } from '../agreement/lake.ts';
import { anEvent } from '../factories.ts';

const NOW = '2025-11-03T12:30:00.000Z';
const work = (run_id: string, hour: string) => [
  anEvent({ run_id, event_time: `2025-11-03T${hour}:00:00.000Z`, status: 'RUNNING' }),
  anEvent({
    run_id,
    event_time: `2025-11-03T${hour}:01:00.000Z`,
    event_type: 'STEP_START',
    status: 'RUNNING',
    step_name: 'load',
    step_index: 2,
  }),
  anEvent({
    run_id,
    event_time: `2025-11-03T${hour}:02:00.000Z`,
    event_type: 'STEP_START',
    status: 'RUNNING',
    step_name: 'read',
    step_index: 1,
  }),
];
const old = [...work('old', '08'), ...work('older', '07')];
const recent = work('new', '12');

let lake: TestLake;
let live: LiveStore;
/** Asked how often. */
let asked = 0;
let engine: QueryEngine;
beforeAll(async () => {
  lake = await openTestLake();
  await insertLines(lake, [...old, ...recent]);
  await derive(lake.engine);
  live = openLiveStore(':memory:');
  // The old ones are forgotten.
  await trackRuns(live, foldRuns(recent));
  engine = {
    ...lake.engine,
    query: (query, values) => {
      asked += 1;
      return lake.engine.query(query, values);
    },
  };
});
afterAll(async () => {
  await live.close();
  lake.close();
});

const ids = (runs: readonly { readonly run_id: string | null }[]) => runs.map(({ run_id }) => run_id);

test('runs that the live store has forgotten stand behind those it has, each once', async () => {
  expect(ids(await listAllRuns({ live, engine }, { limit: 10 }, NOW))).toEqual(['new', 'old', 'older']);
  expect(ids(await listAllRuns({ live, engine }, { limit: 2 }, NOW))).toEqual(['new', 'old']);
  expect(ids(await listAllRuns({ live, engine }, { limit: 10, process_name: 'other' }, NOW))).toEqual([]);
});

test('the lake is not asked when the live store has enough, nor for open runs, which it never forgets', async () => {
  asked = 0;
  expect(ids(await listAllRuns({ live, engine }, { limit: 1 }, NOW))).toEqual(['new']);
  expect(ids(await listAllRuns({ live, engine }, { limit: 10, open: true }, NOW))).toEqual(['new']);
  expect(ids((await showAnyRun({ live, engine }, { run_id: 'new' }, NOW)).map(({ run }) => run))).toEqual(['new']);
  expect(asked).toBe(0);
});

test('a forgotten run is shown as it would be live: its steps in order, its status by the clock', async () => {
  const [forgotten] = await showAnyRun({ live, engine }, { run_id: 'old', process_name: 'customer_daily' }, NOW);
  const store = openLiveStore(':memory:');
  await trackRuns(store, foldRuns(old));
  const [remembered] = await showAnyRun({ live: store, engine }, { run_id: 'old' }, NOW);
  await store.close();
  expect(forgotten).toEqual(remembered);
  expect(forgotten?.steps.map(({ step_name }) => step_name)).toEqual(['read', 'load']);
  expect(await showAnyRun({ live, engine }, { run_id: 'nobody' }, NOW)).toEqual([]);
});
