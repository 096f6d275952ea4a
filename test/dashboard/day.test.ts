import { expect, test } from 'vitest';
import type { Slot } from '../../dashboard/src/http/ledger.ts';
import { isLate, overSlaMs, tookMs } from '../../dashboard/src/parts/run-facts.ts';
import { dayOf, headline, lanesOf, troubleOf } from '../../dashboard/src/views/today/day.ts';
import { aRun } from '../cli/fakes.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const ago = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();
const open = { end_time: null, duration_ms: null };
const failed = aRun({ run_id: 'failed', status: 'FAILED' });
const lost = aRun({ run_id: 'lost', status: 'LOST', start_time: ago(90), last_event_at: ago(60), ...open });
const late = aRun({
  run_id: 'late',
  status: 'RUNNING',
  start_time: ago(30),
  expected_max_duration_ms: 60_000,
  ...open,
});
const good = aRun({ run_id: 'good', status: 'SUCCESS' });
const aSlot = (state: Slot['state'], process_name = 'nightly'): Slot => ({
  ...{ environment: 'prod', process_name, slot: ago(600), local_time: '2026-11-30 03:00', timezone: 'Europe/Berlin' },
  ...{ state, reasons: [], run_ids: [] },
});

test('a run counts once: a lost one is not failed, a late one runs, one that is open and of today is one', () => {
  const day = dayOf([failed, lost, late, good], [lost, late], [], [aSlot('missed'), aSlot('good')], NOW);
  expect(
    [day.failed, day.lost, day.late, day.running, day.succeeded].map((runs) => runs.map(({ run_id }) => run_id)),
  ).toEqual([['failed'], ['lost'], ['late'], ['late'], ['good']]);
  expect([day.runs.length, day.missed.length, troubleOf(day)]).toEqual([4, 1, 4]);
});

test('one sentence says whether to stay', () => {
  const say = (...of: Parameters<typeof dayOf>) => headline(dayOf(...of));
  expect(say([failed, lost, late, good], [], [], [aSlot('missed')], NOW)).toBe(
    '1 failed, 1 did not start, 1 late, 1 lost',
  );
  expect(say([good], [], [], [], NOW)).toBe('All is well: 1 succeeded');
  expect(say([{ ...late, expected_max_duration_ms: null }, good], [], [], [], NOW)).toBe(
    'All is well: 1 running, 1 succeeded',
  );
  expect(say([], [], [], [], NOW)).toBe('Nothing ran today yet');
});

test('pipelines with trouble come first, and one that did not start has a lane too', () => {
  const named = (process_name: string, run: typeof good) => ({ ...run, process_name });
  const lanes = lanesOf([named('a', good), named('z', failed), named('m', late)], [aSlot('missed', 'b')], NOW);
  expect(lanes.map(({ process_name }) => process_name)).toEqual(['b', 'z', 'm', 'a']);
});

test('what runs has taken until now, what was lost until it was last heard of, and nothing unknown is 0', () => {
  expect(tookMs(late, NOW)).toBe(1_800_000);
  expect(tookMs(lost, NOW)).toBe(1_800_000);
  expect(tookMs({ ...good, start_time: null, duration_ms: null }, NOW)).toBeNull();
  expect([overSlaMs(late, NOW), isLate(late, NOW), isLate({ ...late, status: 'SUCCESS' }, NOW)]).toEqual([
    1_740_000,
    true,
    false,
  ]);
});
