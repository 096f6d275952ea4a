import { describe, expect, test } from 'vitest';
import { alertWorld } from './alert-world.ts';

const day = (date: number, time: string) => `2025-11-${String(date).padStart(2, '0')}T${time}:00.000Z`;
const DAILY = `version: 1
pipelines:
  orders: { schedule: { cron: "0 2 * * *", start_grace: 10m }, max_duration: 45m }
`;
const start = (run_id: string, at: string, more = {}) =>
  ({ run_id, process_name: 'orders', event_type: 'RUN_START', event_time: at, start_time: at, ...more }) as const;
const end = (run_id: string, at: string, status: 'SUCCESS' | 'FAILED', more = {}) =>
  ({ run_id, process_name: 'orders', event_type: 'RUN_END', status, event_time: at, end_time: at, ...more }) as const;

test('a good day tells nobody', async () => {
  const world = alertWorld(DAILY, day(3, '00:00'));
  await world.watch('orders');
  await world.send(start('a', day(3, '02:01')));
  await world.send(end('a', day(3, '02:20'), 'SUCCESS'));
  await world.until(day(4, '00:00'));
  expect(world.told).toEqual([]);
});

test('late, then failed, then a good run under another id: one incident, told three times', async () => {
  const world = alertWorld(DAILY, day(3, '00:00'));
  await world.watch('orders');
  await world.send(start('a', day(3, '03:00')));
  await world.send(end('a', day(3, '03:10'), 'FAILED'));
  await world.send(start('b', day(3, '04:00')));
  await world.send(end('b', day(3, '04:20'), 'SUCCESS'));
  await world.until(day(4, '01:00'));
  expect(world.told).toEqual([
    '11-03T02:11 opened P2 11-03T02:00 NOT_STARTED',
    '11-03T03:10 upgraded P2 11-03T02:00 FAILED',
    '11-03T04:20 resolved P2 11-03T02:00',
  ]);
});

test('a slot that nothing ever fills is told of within two minutes of its grace, each day anew', async () => {
  const world = alertWorld(DAILY, day(3, '00:00'));
  await world.watch('orders');
  await world.until(day(5, '00:00'));
  expect(world.told).toEqual([
    '11-03T02:11 opened P2 11-03T02:00 NOT_STARTED',
    '11-04T02:11 opened P2 11-04T02:00 NOT_STARTED',
  ]);
});

test('a run that never ends is late by the clock alone, though the next one is good', async () => {
  const world = alertWorld(DAILY, day(3, '00:00'));
  await world.watch('orders');
  await world.send(start('stuck', day(3, '02:00')));
  await world.send(start('new', day(3, '02:10')));
  await world.send(end('new', day(3, '02:20'), 'SUCCESS'));
  await world.until(day(3, '04:00'));
  expect(world.told).toEqual(['11-03T02:46 opened P3 11-03T02:00 SLA_BREACH']);
});

test('without a schedule a failed run is told of, and the next good run resolves it', async () => {
  const world = alertWorld('version: 1\n', day(3, '00:00'));
  await world.send(start('a', day(3, '02:00')));
  await world.send(end('a', day(3, '02:20'), 'FAILED'));
  await world.send(start('b', day(3, '05:00')));
  await world.send(end('b', day(3, '05:20'), 'SUCCESS'));
  await world.until(day(4, '00:00'));
  expect(world.told).toEqual(['11-03T02:20 opened P2 run a FAILED', '11-03T05:20 resolved P2 run a']);
});

test('a flap within the hold time tells nobody', async () => {
  const world = alertWorld('version: 1\ndefaults: { hold: 30m }\n', day(3, '00:00'));
  await world.send(start('a', day(3, '02:00')));
  await world.send(end('a', day(3, '02:20'), 'FAILED'));
  await world.send(start('b', day(3, '02:25')));
  await world.send(end('b', day(3, '02:40'), 'SUCCESS'));
  await world.until(day(3, '06:00'));
  expect(world.told).toEqual([]);
});

test('a trouble that lasts longer than it is held is told by the clock', async () => {
  const world = alertWorld('version: 1\ndefaults: { hold: 30m }\n', day(3, '00:00'));
  await world.send(start('a', day(3, '02:00')));
  await world.send(end('a', day(3, '02:20'), 'FAILED'));
  await world.until(day(3, '06:00'));
  expect(world.told).toEqual(['11-03T02:50 opened P2 run a FAILED']);
});

test('freshness is told once, and ends with a good run', async () => {
  const world = alertWorld('version: 1\npipelines: { orders: { freshness: 1h } }\n', day(3, '00:00'));
  await world.send(start('a', day(3, '01:00')));
  await world.send(end('a', day(3, '01:30'), 'SUCCESS'));
  await world.until(day(3, '06:00'));
  await world.send(start('b', day(3, '06:01')));
  await world.send(end('b', day(3, '06:30'), 'SUCCESS'));
  await world.until(day(3, '07:00'));
  expect(world.told).toEqual(['11-03T02:31 opened P2 STALE STALE', '11-03T06:30 resolved P2 STALE']);
});

test('500 runs of old slots, all failed, page nobody', async () => {
  const world = alertWorld(DAILY, day(3, '00:00'));
  await world.watch('orders');
  await world.send(start('today', day(3, '02:00')));
  await world.send(end('today', day(3, '02:20'), 'SUCCESS'));
  for (let at = 0; at < 500; at++) {
    const scheduled_for = new Date(Date.UTC(2024, 0, 1 + at, 2)).toISOString();
    await world.send(start(`old-${at}`, day(3, '12:00'), { scheduled_for }));
    await world.send(end(`old-${at}`, day(3, '12:00'), 'FAILED', { scheduled_for }));
  }
  await world.until(day(4, '00:00'));
  expect(world.told).toEqual([]);
});

test('500 backfills in an hour page nobody, and change nothing of what is usual', async () => {
  const world = alertWorld(
    DAILY.replace('max_duration: 45m', 'records: { anomaly: {} }, longer_than_usual: {}'),
    day(3, '00:00'),
  );
  await world.watch('orders');
  await world.send(start('today', day(3, '02:00')));
  await world.send(end('today', day(3, '02:20'), 'SUCCESS', { records_out: 7 }));
  const usual = (await world.watches.listWatches())[0]?.baseline;
  for (let at = 0; at < 500; at++) {
    const time = day(3, `03:${String(Math.floor((at * 60) / 500)).padStart(2, '0')}`);
    const more = { run_mode: 'backfill', records_out: 1_000_000 };
    await world.send(end(`back-${at}`, time, at % 2 === 0 ? 'FAILED' : 'SUCCESS', more));
  }
  await world.until(day(3, '05:00'));
  expect(world.told).toEqual([]);
  expect(usual?.mon).toHaveLength(1);
  expect((await world.watches.listWatches())[0]?.baseline).toEqual(usual);
});

test('history that is loaded later tells nobody', async () => {
  const world = alertWorld('version: 1\n', day(9, '00:00'));
  await world.send({ ...start('a', day(3, '02:00')), event_time: day(3, '02:00') });
  await world.send(end('a', day(3, '02:20'), 'FAILED'));
  expect(world.told).toEqual([]);
});

describe('a pipeline that depends on another', () => {
  const TWO = `version: 1
pipelines:
  ingest: { schedule: { cron: "0 2 * * *", start_grace: 10m } }
  orders: { schedule: { cron: "30 2 * * *", start_grace: 10m }, finish_by: "04:00", freshness: 26h, depends_on: [ingest] }
  report: { schedule: { cron: "0 3 * * *", start_grace: 10m }, depends_on: [orders] }
`;
  const ingest = { process_name: 'ingest' };
  const report = { process_name: 'report' };

  test('is not told of while that one is late, and the incident of that one says what waits for it', async () => {
    const world = alertWorld(TWO, day(3, '00:00'));
    await world.watch('report', 'orders', 'ingest');
    await world.until(day(3, '05:00'));
    expect(world.told).toEqual(['11-03T02:11 opened P2 11-03T02:00 NOT_STARTED']);
    const [incident] = await world.incidents.listIncidents({ limit: 10 });
    expect(incident).toMatchObject({
      process_name: 'ingest',
      held_up: ['orders 2025-11-03T02:30:00.000Z', 'report 2025-11-03T03:00:00.000Z'],
    });
  });

  test('has as long after that one is good as it has after its slot', async () => {
    const world = alertWorld(TWO, day(3, '00:00'));
    await world.watch('ingest', 'orders', 'report');
    await world.send(start('i', day(3, '05:00'), ingest));
    await world.send(end('i', day(3, '05:30'), 'SUCCESS', ingest));
    await world.send(start('o', day(3, '05:38')));
    await world.send(end('o', day(3, '06:10'), 'SUCCESS'));
    await world.until(day(3, '07:00'));
    expect(world.told).toEqual([
      '11-03T02:11 opened P2 11-03T02:00 NOT_STARTED',
      '11-03T05:30 resolved P2 11-03T02:00',
      // It waited for orders, which was late but had no incident of its own, and is on its own since 05:40.
      '11-03T05:41 opened P2 11-03T03:00 NOT_STARTED',
    ]);
  });

  test('is told of when it is late on its own', async () => {
    const world = alertWorld(TWO, day(3, '00:00'));
    await world.watch('ingest', 'orders');
    await world.send(start('i', day(3, '02:00'), ingest));
    await world.send(end('i', day(3, '02:10'), 'SUCCESS', ingest));
    await world.until(day(3, '03:00'));
    expect(world.told).toEqual(['11-03T02:41 opened P2 11-03T02:30 NOT_STARTED']);
  });

  test('that fails by itself is told of, whatever happens upstream', async () => {
    const world = alertWorld(TWO, day(3, '00:00'));
    await world.watch('ingest', 'orders');
    await world.send(start('o', day(3, '02:30')));
    await world.send(end('o', day(3, '02:50'), 'FAILED'));
    expect(world.told).toEqual([
      '11-03T02:11 opened P2 11-03T02:00 NOT_STARTED',
      '11-03T02:50 opened P2 11-03T02:30 FAILED',
    ]);
  });

  test('waits for the whole chain: what failed two steps up holds up all of it', async () => {
    const world = alertWorld(TWO, day(3, '00:00'));
    await world.watch('ingest', 'orders', 'report');
    await world.send(start('i', day(3, '02:00'), ingest));
    await world.send(end('i', day(3, '02:10'), 'FAILED', ingest));
    await world.send(start('r', day(3, '03:00'), report));
    await world.until(day(3, '06:00'));
    expect(world.told).toEqual(['11-03T02:10 opened P2 11-03T02:00 FAILED']);
  });
});

test('a step that runs too long is told by the clock, though only its start was heard', async () => {
  const world = alertWorld(
    'version: 1\npipelines: { orders: { steps: { load: { max_duration: 20m } } } }\n',
    day(3, '00:00'),
  );
  await world.send(start('a', day(3, '02:00')));
  const load = { step_name: 'load', event_type: 'STEP_START' as const };
  await world.send({ ...start('a', day(3, '02:10')), ...load });
  await world.until(day(3, '03:00'));
  expect(world.told).toEqual(['11-03T02:31 opened P3 run a SLA_BREACH']);
});

test('a failed check of quality is told when it is heard, and the next good run resolves it', async () => {
  const world = alertWorld('version: 1\n', day(3, '00:00'));
  await world.send(start('a', day(3, '02:00')));
  const quality = [{ dataset: 'silver_orders', check_name: 'not_null', success: false, severity: 'error' }] as never;
  await world.send({
    run_id: 'a',
    process_name: 'orders',
    event_type: 'QUALITY',
    event_time: day(3, '02:05'),
    quality,
  });
  await world.send(end('a', day(3, '02:20'), 'SUCCESS'));
  await world.send(start('b', day(3, '03:00')));
  await world.send(end('b', day(3, '03:20'), 'SUCCESS'));
  await world.until(day(3, '04:00'));
  expect(world.told).toEqual(['11-03T02:05 opened P2 run a QUALITY', '11-03T03:20 resolved P2 run a']);
});

test('what is usual is learnt as runs end, also from those that ended before the file asked', async () => {
  const hourly = 'version: 1\npipelines: { orders: { longer_than_usual: { minimum_runs: 5 } } }\n';
  const world = alertWorld(hourly, day(3, '00:00'));
  for (let hour = 1; hour <= 6; hour++) {
    const time = (minute: string) => day(3, `0${hour}:${minute}`);
    await world.send(start(`run ${hour}`, time('00')));
    await world.send(end(`run ${hour}`, time('10'), 'SUCCESS'));
  }
  await world.send(start('long', day(3, '08:00')));
  await world.until(day(3, '09:00'));
  expect(world.told).toEqual(['11-03T08:13 opened P3 run long LONGER_THAN_USUAL']);
});

test('judging again when nothing has changed writes nothing', async () => {
  const world = alertWorld(DAILY, day(3, '00:00'));
  await world.watch('orders');
  await world.send(start('a', day(3, '02:01')));
  await world.send(end('a', day(3, '02:20'), 'SUCCESS'));
  const [before] = await world.watches.listWatches();
  await world.watch('orders');
  expect((await world.watches.listWatches())[0]).toBe(before);
});

test('slots of a schedule that comes new count from then on', async () => {
  const world = alertWorld('version: 1\n', day(3, '00:00'));
  await world.watch('orders');
  await world.until(day(4, '12:00'));
  world.expect('version: 1\npipelines: { orders: { schedule: { cron: "0 2 * * *" } } }\n');
  await world.watch('orders');
  expect(world.told).toEqual([]);
  await world.until(day(5, '12:00'));
  expect(world.told).toEqual(['11-05T02:11 opened P2 11-05T02:00 NOT_STARTED']);
});

describe('a pipeline of which starts and successes are told', () => {
  const ASKED = 'version: 1\npipelines: { orders: { notify: { on_start: true, on_success: true } } }\n';
  const newsOf = async (world: ReturnType<typeof alertWorld>) =>
    (await world.watches.listWatches())[0]?.news?.map(({ kind, run_id }) => `${kind} ${run_id}`);

  test('has them waiting in its watch, once each, and is due until they are sent', async () => {
    const world = alertWorld(ASKED, day(3, '00:00'));
    await world.send(start('a', day(3, '02:00')));
    await world.send(end('a', day(3, '02:20'), 'SUCCESS'));
    await world.send(start('b', day(3, '03:00')));
    await world.send(end('b', day(3, '03:20'), 'FAILED'));
    expect(await newsOf(world)).toEqual(['started a', 'succeeded a', 'started b']);
    expect(await world.watches.dueWatches(day(3, '03:20'), 10)).toHaveLength(1);
  });

  test('says nothing of backfills and of what is long past', async () => {
    const world = alertWorld(ASKED, day(9, '00:00'));
    await world.send(start('old', day(3, '02:00')));
    await world.send(end('old', day(3, '02:20'), 'SUCCESS'));
    await world.send(start('back', day(9, '02:00'), { run_mode: 'backfill' }));
    expect(await newsOf(world)).toBeUndefined();
  });
});

describe('a run of a pipeline without a schedule', () => {
  const EMPTY = 'version: 1\n';
  const sla = { expected_max_duration_ms: 3_600_000 };

  test('that went well is judged without reading the others', async () => {
    const world = alertWorld(EMPTY, day(3, '12:00'));
    await world.send(start('first', day(3, '12:01')));
    const before = world.reads();
    await world.send(end('first', day(3, '12:05'), 'SUCCESS'));
    await world.send(start('second', day(3, '12:06')));
    expect(world.reads()).toBe(before);
    await world.send(end('second', day(3, '12:07'), 'FAILED'));
    expect(world.reads()).toBe(before + 1);
  });

  test('does not take the deadline of another one from the clock', async () => {
    const world = alertWorld(EMPTY, day(3, '12:00'));
    await world.send(start('slow', day(3, '12:01'), { sla }));
    await world.send(start('quick', day(3, '12:02')));
    await world.send(end('quick', day(3, '12:03'), 'SUCCESS'));
    await world.until(day(3, '13:02'));
    expect(world.told).toEqual([expect.stringContaining('run slow SLA_BREACH')]);
  });
});
