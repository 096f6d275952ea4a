import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runChecks } from '../../cli/doctor/check.ts';
import { objectChecks } from '../../cli/doctor/object-checks.ts';
import { parked, retried } from '../../core/objects/object-change.ts';
import { EngineUnavailableError } from '../../core/ports/query-engine.ts';
import { aStack } from '../lib/a-stack.ts';
import { type SimulatedLedger, simulate } from './simulated-ledger.ts';

// What a function finds in its environment; Powertools reads it when it is imported.
vi.hoisted(() => {
  process.env.POWERTOOLS_METRICS_NAMESPACE = 'Runledger';
  process.env.POWERTOOLS_SERVICE_NAME = 'runledger-prod';
});

const { template } = aStack();
let ledger: SimulatedLedger;
beforeEach(() => {
  ledger = simulate(template, '09:00');
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const landEveryFiveMinutes = (minute: number): void => {
  if (minute % 5 === 0) ledger.land(`object-${minute}`);
};
const untilBusy = (time: string) => ledger.until(time, landEveryFiveMinutes);
const rang = (told: Awaited<ReturnType<SimulatedLedger['until']>>) => told.filter(([, , state]) => state !== 'OK');

test.each(['idle', 'busy'])(
  'a first deployment that stays %s rings nothing, not that night either',
  async (load) => {
    expect(rang(await ledger.until('08:59', load === 'busy' ? landEveryFiveMinutes : undefined))).toEqual([]);
  },
  120_000,
);

/** What `doctor` says of the stages. */
const doctor = async (): Promise<readonly string[]> => {
  const found = await runChecks(
    objectChecks({
      summary: () => ledger.live.summary(),
      waitingSince: async (stage) => (await ledger.live.waitingAt(stage)).since,
      now: ledger.now,
      where: 'the log',
    }),
  );
  return found
    .filter(({ verdict }) => verdict !== 'ok')
    .map(({ link, verdict, found }) => `${verdict} ${link}: ${found}`);
};

describe('an engine that is away for two hours', () => {
  test.each<[string, () => Error]>([
    ['cannot be asked', () => new EngineUnavailableError('query compact_events did not start')],
    ['fails every statement', () => new Error('query compact_events failed: GENERIC_INTERNAL_ERROR')],
  ])('and %s rings first as a failing function, then as a lane that is behind; doctor says which', async (_, fault) => {
    await untilBusy('12:00');
    ledger.engineFault = fault;
    expect(await untilBusy('13:30')).toEqual([
      ['12:35', 'Failing', 'ALARM'],
      ['13:06', 'CompactionLag', 'ALARM'],
    ]);
    expect(await doctor()).toEqual(['fail compaction: 18 objects wait, one of them for 1 h 25 min']);
    expect(await untilBusy('14:00')).toEqual([]);
    ledger.engineFault = undefined;
    expect(await untilBusy('16:00')).toEqual([
      ['14:20', 'Failing', 'OK'],
      ['14:20', 'CompactionLag', 'OK'],
    ]);
    expect(await doctor()).toEqual([]);
    expect((await ledger.live.summary()).lines).toMatchObject({ lines: 84, inserted: 84 });
  });
});

test('one failure rings nothing: the next call mends it', async () => {
  await untilBusy('12:00');
  ledger.engineFault = () => new Error('a commit was lost');
  await untilBusy('12:15');
  ledger.engineFault = undefined;
  expect(await untilBusy('15:00')).toEqual([]);
});

test('a stage that the schedule does not call any more rings as a lane that is behind', async () => {
  await untilBusy('12:00');
  ledger.stopped.add('CompactEvents');
  expect(await untilBusy('14:00')).toEqual([['13:06', 'CompactionLag', 'ALARM']]);
});

test('runs that do not reach their table ring as summaries that are behind, and as a function that fails', async () => {
  await untilBusy('12:00');
  ledger.failing.add('SummarizeRuns');
  expect(await untilBusy('15:00')).toEqual([
    ['12:35', 'Failing', 'ALARM'],
    ['14:16', 'SummaryLag', 'ALARM'],
  ]);
  expect(await doctor()).toEqual(['fail summaries: 36 objects wait, one of them for 2 h 45 min']);
});

test('a clock that stands still rings within a quarter of an hour, and one that fails as soon', async () => {
  await untilBusy('12:00');
  ledger.stopped.add('CheckDeadlines');
  expect(await untilBusy('13:00')).toEqual([['12:15', 'ClockStopped', 'INSUFFICIENT_DATA']]);
  ledger.stopped.clear();
  expect(await untilBusy('13:30')).toEqual([['13:01', 'ClockStopped', 'OK']]);
  ledger.failing.add('CheckDeadlines');
  expect(await untilBusy('14:30')).toEqual([['13:36', 'ClockFailing', 'ALARM']]);
});

test('what is behind is not said to be well while the clock stands still', async () => {
  await untilBusy('12:00');
  ledger.stopped.add('CompactEvents');
  await untilBusy('13:30');
  ledger.stopped.add('CheckDeadlines');
  expect(await untilBusy('15:00')).toEqual([['13:45', 'ClockStopped', 'INSUFFICIENT_DATA']]);
});

test('a parked object rings until it is settled', async () => {
  ledger.land('torn');
  await untilBusy('12:00');
  const [settled] = await ledger.live.objectsAt('summarized', { maxObjects: 1 });
  const object = `${settled?.object}-torn`;
  await ledger.live.recordObjects([{ object, size_bytes: 1 }]);
  await ledger.live.changeObjects([object], parked('it is torn'));
  expect(await untilBusy('13:00')).toEqual([['12:01', 'Parked', 'ALARM']]);
  await ledger.live.changeObjects([object], retried);
  expect(await untilBusy('14:00')).toEqual([['13:05', 'Parked', 'OK']]);
});

test('a table that cannot be maintained rings until a night in which it was', async () => {
  await ledger.until('03:00');
  ledger.engineFault = () => new Error('the commit was lost');
  expect(await ledger.until('03:14')).toEqual([
    ['03:10', 'Found', 'OK'],
    ['03:10', 'Unmaintained', 'ALARM'],
  ]);
  ledger.engineFault = undefined;
  expect(await ledger.until('03:13')).toEqual([['03:10', 'Unmaintained', 'OK']]);
}, 60_000);

test('an object that no notification named rings until a night without one', async () => {
  await ledger.until('10:00');
  ledger.land('lost', 'unnoticed');
  expect(await ledger.until('09:59')).toEqual([
    ['03:10', 'Found', 'ALARM'],
    ['03:10', 'Unmaintained', 'OK'],
  ]);
  expect(await ledger.until('09:58')).toEqual([['03:10', 'Found', 'OK']]);
}, 60_000);
