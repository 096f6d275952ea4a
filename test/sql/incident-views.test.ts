import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestLake, type TestLake } from '../agreement/lake.ts';
import { alertFiles } from './alert-files.ts';

const at = (time: string) => `2025-11-03T${time}:00.000Z`;

let lake: TestLake;

/** What the flows wrote, as files of a folder. */
beforeAll(async () => {
  lake = await openTestLake();
  for (const [key, lines] of await alertFiles()) lake.writeObject(key, lines);
  const connection = await lake.database.connect();
  await connection.run(`insert into pipeline_run_state by name select 'prod' as environment, 'orders' as process_name,
    run_id, run_date, status, start_time, end_time, last_event_at from (values
    ('b', date '2025-11-03', 'SUCCESS', timestamp '2025-11-03 03:50:00', timestamp '2025-11-03 04:10:00', timestamp '2025-11-03 04:10:00'),
    ('c', date '2025-11-02', 'FAILED', timestamp '2025-11-02 03:50:00', timestamp '2025-11-02 04:10:00', timestamp '2025-11-02 04:10:00')
    ) as r (run_id, run_date, status, start_time, end_time, last_event_at)`);
});
afterAll(() => lake.close());

const ask = async (sql: string) => {
  const connection = await lake.database.connect();
  return (await connection.runAndReadAll(sql)).getRowsJson();
};

test('the log of incidents has each change once, with who made it and why, and each receipt', async () => {
  const log = await ask(`select change, kind, severity, status, who, why, route, delivered
    from incident_log where process_name = 'orders' order by change, kind, route`);
  expect(log).toEqual([
    [1, 'opened', 'P2', 'open', null, null, null, null],
    [1, 'receipt', 'P2', 'open', null, null, 'ops', true],
    [1, 'receipt', 'P2', 'open', null, null, 'page', false],
    [2, 'acknowledged', 'P2', 'acknowledged', 'ann', 'on it', null, null],
    [2, 'receipt', 'P2', 'acknowledged', null, null, 'ops', true],
    [2, 'receipt', 'P2', 'acknowledged', null, null, 'page', false],
    [3, 'receipt', 'P2', 'resolved', null, null, 'ops', true],
    [3, 'receipt', 'P2', 'resolved', null, null, 'page', false],
    [3, 'resolved', 'P2', 'resolved', null, null, null, null],
  ]);
});

test('it has the five times, what happened, and names as they are', async () => {
  expect(
    await ask(`select process_name, slot, reasons, run_ids, summary, occurred_at, detected_at, resolved_at
      from incident_log where kind = 'opened' order by detected_at`),
  ).toEqual([
    ['orders', at('02:00'), 'NOT_STARTED', '', 'was expected', '2025-11-03 02:10:00', '2025-11-03 02:11:00', null],
    ['it\'s "new"', 'run a', 'FAILED', 'a', 'failed', '2025-11-03 02:50:00', '2025-11-03 03:00:00', null],
  ]);
});

test('expectations are the slots of a day, each with the run that filled it as it is now, or none', async () => {
  expect(await ask(`select slot_on, local_time, state, run_id, run_status from expectations order by slot`)).toEqual([
    ['2025-11-02', '2025-11-02 02:00', 'missed', null, null],
    ['2025-11-02', '2025-11-02 20:00', 'missed', null, null],
    ['2025-11-03', '2025-11-03 02:00', 'good', 'b', 'SUCCESS'],
    ['2025-11-03', '2025-11-03 20:00', 'waiting', null, null],
  ]);
});

test('the figures of a day: detection counts from the slot of a run that never started, a storm is one page', async () => {
  expect(
    await ask(`select day, runs, success_rate, success_rate_7d, incidents, mttd_seconds, mttr_seconds, pages,
      acknowledged_incidents, pages_per_acknowledged_incident from kpi_daily order by day`),
  ).toEqual([
    ['2025-11-02', '1', 0, 0, '0', null, null, '0', '0', null],
    ['2025-11-03', '1', 1, 0.5, '2', (11 * 60 + 10 * 60) / 2, 7200, '2', '1', 2],
  ]);
});
