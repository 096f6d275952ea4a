import { expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { Ping } from '../../core/ping.ts';
import type { EventSink } from '../../core/ports/event-sink.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { acceptRecords } from '../../flows/accept.ts';
import { listRuns, showRun } from '../../flows/answer.ts';
import { joinLiveRun } from '../../flows/join-live-run.ts';
import { openPings } from '../../flows/ping.ts';
import { trackRuns } from '../../flows/track.ts';
import { aClock } from '../fakes/clock.ts';
import { settings } from '../lambdas/fakes.ts';

/** A ledger that takes in what is sent at once. */
function aLedger() {
  const live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  const clock = aClock('2025-11-03T12:00:00.000Z');
  const sink: EventSink = {
    async send(records) {
      const { events, rejections } = acceptRecords(records, clock.now(), settings);
      await trackRuns(live, foldRuns(events));
      return { received: 1, accepted: events.length, rejected: rejections.length };
    },
  };
  let made = 0;
  const join = joinLiveRun({
    runs: (filter) => listRuns(live, filter, clock.now()),
    newRunId: () => `new-${++made}`,
  });
  const take = openPings({ sink, clock, join });
  const ping = (state: Ping['state'], more: Partial<Ping> = {}) => {
    clock.pass(1000);
    return take({ pipeline: 'orders', state, output: '', ...more });
  };
  const runs = async () =>
    Object.fromEntries((await listRuns(live, { limit: 9 }, clock.now())).map(({ run_id, status }) => [run_id, status]));
  const shown = async (run_id: string) => (await showRun(live, { run_id }, clock.now()))[0]?.run;
  return { ping, runs, shown };
}

test('a run starts, is alive and ends, without naming itself', async () => {
  const { ping, shown } = aLedger();
  for (const state of ['start', 'log', 'success'] as const)
    expect(await ping(state)).toEqual({ run_id: 'new-1', accepted: 1, why: undefined });
  expect(await shown('new-1')).toMatchObject({ status: 'SUCCESS', duration_ms: 2000, environment: 'prod' });
});

test('an exit code other than 0 is a failure, with what was written last', async () => {
  const { ping, shown } = aLedger();
  await ping('start');
  await ping(3, { output: 'reading\nno space left on device\n' });
  expect(await shown('new-1')).toMatchObject({ status: 'FAILED', error_message: 'reading\nno space left on device' });
  await ping('fail');
  expect(await shown('new-2')).toMatchObject({ status: 'FAILED', error_message: 'it said that it failed' });
});

test('without a start, an end is a run of its own', async () => {
  const { ping, runs, shown } = aLedger();
  await ping('success');
  await ping(0);
  expect(await runs()).toEqual({ 'new-1': 'SUCCESS', 'new-2': 'SUCCESS' });
  expect((await shown('new-1'))?.duration_ms).toBeNull();
});

test('of overlapping runs the last that started and has not ended is meant; two ends at once end two', async () => {
  const { ping, runs } = aLedger();
  await ping('start');
  await ping('start');
  await Promise.all([ping('success'), ping('fail')]);
  expect(await runs()).toEqual({ 'new-1': 'FAILED', 'new-2': 'SUCCESS' });
});

test('a run that is named is meant, and pipelines and environments are told apart', async () => {
  const { ping, runs } = aLedger();
  await ping('start', { run_id: 'mine' });
  await ping('start', { environment: 'test' });
  await ping('success', { pipeline: 'clicks' });
  await ping('success', { environment: 'test' });
  expect(await runs()).toEqual({ mine: 'RUNNING', 'new-1': 'SUCCESS', 'new-2': 'SUCCESS' });
});

test('of a long output the end is kept', async () => {
  const { ping, shown } = aLedger();
  await ping(1, { run_id: 'long', output: `${'x'.repeat(50_000)} the reason` });
  const message = (await shown('long'))?.error_message ?? '';
  expect(message.length).toBe(160);
  expect(message).toMatch(/^….* the reason$/);
});
