import { expect, test } from 'vitest';
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

test('history that is loaded later tells nobody', async () => {
  const world = alertWorld('version: 1\n', day(9, '00:00'));
  await world.send({ ...start('a', day(3, '02:00')), event_time: day(3, '02:00') });
  await world.send(end('a', day(3, '02:20'), 'FAILED'));
  expect(world.told).toEqual([]);
});
