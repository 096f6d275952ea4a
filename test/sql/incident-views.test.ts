import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { Told } from '../../core/alert/as-of.ts';
import { type Incident, judged, type Subject } from '../../core/alert/incident.ts';
import { expectationsOf } from '../../core/pipelines/expectations.ts';
import { readFile } from '../../core/pipelines/read-file.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { decideIncident } from '../../flows/decide-incident.ts';
import { recordSlots } from '../../flows/record-slots.ts';
import { sendNotices } from '../../flows/send-notices.ts';
import { trackRuns } from '../../flows/track.ts';
import { openTestLake, type TestLake } from '../agreement/lake.ts';
import { anEvent } from '../factories.ts';
import { fakeIncidentStore } from '../fakes/incident-store.ts';
import { aNotificationLog } from '../fakes/notification-log.ts';
import { aStore } from '../fakes/object-store.ts';
import { fakePipelineWatches } from '../fakes/pipeline-watches.ts';

const at = (time: string) => `2025-11-03T${time}:00.000Z`;

let lake: TestLake;
const incidents = fakeIncidentStore();
const objects = aStore();
let now = at('00:00');
const clock = { now: () => now };
const ports = { incidents, store: objects, clock, hash: contentHash, notificationLog: aNotificationLog() };

/** What the flows wrote, as files of a folder. */
beforeAll(async () => {
  lake = await openTestLake();
  const late: Subject = { environment: 'prod', process_name: 'orders', slot: at('02:00') };
  const failed: Subject = { environment: 'prod', process_name: 'it\'s "new"', slot: 'run a' };
  const judge = (subject: Subject, moment: string, condition?: object) => {
    now = moment;
    const verdict = {
      conditions: condition === undefined ? [] : [condition as never],
      isGood: condition === undefined,
    };
    return incidents.changeIncident(subject, (stored) => judged(stored, subject, verdict, { now, holdMs: 0 }));
  };
  const send = () =>
    sendNotices({
      ...ports,
      routesOf: () => ['ops', 'page'],
      send: async (route: string, told: readonly Told[]) =>
        route === 'page'
          ? { channel: 'pagerduty', delivered: false, why: 'expected 202, got 500' }
          : { channel: 'webhook', delivered: true, message_id: `m ${told[0]?.incident.id}` },
    });
  const missing = { reason: 'NOT_STARTED', severity: 'P2', occurred_at: at('02:10'), text: 'was expected' };
  await judge(late, at('02:11'), missing);
  await judge(failed, at('03:00'), {
    reason: 'FAILED',
    severity: 'P1',
    occurred_at: at('02:50'),
    text: 'failed',
    run_id: 'a',
  });
  await send();
  now = at('03:05');
  const [first] = await incidents.listIncidents({ process_name: 'orders', limit: 1 });
  await decideIncident(ports, { id: (first as Incident).id, decision: 'acknowledge', who: 'ann', why: 'on it' });
  await send();
  await judge(late, at('04:10'));
  await send();

  const live = openLiveStore(':memory:');
  const file = 'version: 1\npipelines: { orders: { environment: prod, schedule: { cron: "0 2,20 * * *" } } }\n';
  const { file: read } = readFile(file);
  if (read === undefined) throw new Error('the file is wrong');
  await trackRuns(
    live,
    foldRuns([
      anEvent({ process_name: 'orders', run_id: 'b', event_time: at('03:50'), start_time: at('03:50') }),
      anEvent({
        ...{ process_name: 'orders', run_id: 'b', event_id: 'end', event_type: 'RUN_END', status: 'SUCCESS' },
        ...{ event_time: at('04:10'), end_time: at('04:10') },
      }),
    ]),
  );
  const expectations = expectationsOf(read, () => []);
  const expected = { live, watches: fakePipelineWatches(), expectations, environment: 'prod', store: objects };
  await recordSlots(expected, at('05:00'));
  for (const [key, content] of objects.objects) lake.writeObject(key, String(content).trimEnd().split('\n'));
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
