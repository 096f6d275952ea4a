import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bandOf, baselineWith, KEPT_PER_WEEKDAY, usualOf } from '../../../core/alert/baseline.ts';
import { judgeSlot } from '../../../core/alert/judge-slot.ts';
import { slotFinder } from '../../../core/alert/slot-of-run.ts';
import type { Expectation } from '../../../core/pipelines/expectations.ts';
import type { ToldRun } from '../../../core/run/told-run.ts';
import { slotsOf } from '../../../core/schedule/schedule.ts';
import { aToldRun, expecting } from './a-told-run.ts';

/** The Monday of a week of 2025, at two in the morning; 3 November is one. */
const monday = (week: number) => new Date(Date.UTC(2025, 0, 6 + 7 * week, 2)).toISOString();
/** Runs of as many Mondays: minutes that they took, and records that they wrote. */
const mondays = (
  count: number,
  minutes: (week: number) => number,
  records = (week: number) => 1000 + 10 * (week % 5),
) =>
  Array.from({ length: count }, (_, week) =>
    aToldRun(`week ${week}`, monday(week), minutes(week), { records_out: records(week) }),
  );

/** What is said of a run, as the pipeline ran before it. */
function conditionsOf(expectation: Expectation, before: readonly ToldRun[], run: ToldRun, now: string) {
  const slotOf = slotFinder(expectation.schedule && slotsOf(expectation.schedule));
  const states = [...before, run].map((each) => each.run);
  const baseline = baselineWith({}, states, expectation, slotOf);
  const context = { now, usualOf: (of: ToldRun['run']) => usualOf(baseline, of, expectation, slotOf) };
  return judgeSlot(expectation, undefined, [run], context);
}
const textsOf = (...args: Parameters<typeof conditionsOf>) =>
  conditionsOf(...args).conditions.map(({ reason, severity, text }) => `${reason} ${severity} ${text}`);

const ANOMALY = expecting('records: { anomaly: { deviations: 5, minimum_runs: 14 } }');
const LONGER = expecting('longer_than_usual: { deviations: 5, minimum_runs: 14 }');

describe('a number of records', () => {
  test('outside what is usual on that weekday is told, with the band and the sample', () => {
    const run = aToldRun('new', monday(20), 20, { records_out: 12 });
    expect(
      textsOf(
        ANOMALY,
        mondays(15, () => 20),
        run,
        monday(21),
      ),
    ).toEqual(['RECORDS P3 wrote 12 records, 969 to 1071 are usual on Mondays (median 1020 of 15 good runs)']);
  });

  test.each([969, 1000, 1071])('of %d is within it', (records_out) => {
    const run = aToldRun('new', monday(20), 20, { records_out });
    expect(
      textsOf(
        ANOMALY,
        mondays(15, () => 20),
        run,
        monday(21),
      ),
    ).toEqual([]);
  });

  test('is nothing while too few runs are known, and none of another weekday counts', () => {
    const run = aToldRun('new', monday(20), 20, { records_out: 1 });
    expect(
      textsOf(
        ANOMALY,
        mondays(13, () => 20),
        run,
        monday(21),
      ),
    ).toEqual([]);
    const tuesday = aToldRun('new', monday(20).replace('2025-05-26', '2025-05-27'), 20, { records_out: 1 });
    expect(
      textsOf(
        ANOMALY,
        mondays(15, () => 20),
        tuesday,
        monday(21),
      ),
    ).toEqual([]);
  });

  test('leaves out failed runs and backfills', () => {
    const few = mondays(13, () => 20);
    const failed = aToldRun('failed', monday(14), 20, { status: 'FAILED', records_out: 1000 });
    const backfill = aToldRun('old', monday(15), 20, { run_mode: 'backfill', records_out: 1000 });
    const run = aToldRun('new', monday(20), 20, { records_out: 1 });
    expect(textsOf(ANOMALY, [...few, failed, backfill], run, monday(21))).toEqual([]);
    const late = aToldRun('late', monday(16), 20, { scheduled_for: monday(14), records_out: 1000 });
    const daily = expecting('schedule: { cron: "0 2 * * mon" }, records: { anomaly: {} }');
    expect(textsOf(daily, [...few, late], run, monday(21))).toEqual([]);
  });

  test('of a run that is no backfill is told with its minimum only, when it is below that too', () => {
    const both = expecting('records: { minimum: 100, anomaly: {} }');
    const run = aToldRun('new', monday(20), 20, { records_out: 12 });
    expect(
      textsOf(
        both,
        mondays(15, () => 20),
        run,
        monday(21),
      ),
    ).toEqual(['RECORDS P3 wrote 12 records, at least 100 were expected']);
  });

  test('that is always the same may vary by a twentieth', () => {
    const same = mondays(
      15,
      () => 20,
      () => 1000,
    );
    const of = (records_out: number) => aToldRun('new', monday(20), 20, { records_out });
    expect(textsOf(ANOMALY, same, of(1050), monday(21))).toEqual([]);
    expect(textsOf(ANOMALY, same, of(1051), monday(21))).toHaveLength(1);
  });
});

describe('a run that is longer than usual', () => {
  const usual = mondays(15, (week) => 20 + (week % 3));

  test('is told by the clock while it runs, and planned to be looked at then', () => {
    const open = aToldRun('new', monday(20));
    const [early, late] = ['2025-05-26T02:10:00.000Z', '2025-05-26T02:30:00.000Z'];
    expect(conditionsOf(LONGER, usual, open, early)).toMatchObject({
      conditions: [],
      next_check: '2025-05-26T02:26:15.001Z',
    });
    expect(textsOf(LONGER, usual, open, late)).toEqual([
      'LONGER_THAN_USUAL P3 has been running for longer than usual: at most 26 min 15 s is usual on Mondays (median 21 min of 15 good runs)',
    ]);
  });

  test('is told though it ended well, and is none of the baseline of its own judgement', () => {
    expect(textsOf(LONGER, usual, aToldRun('new', monday(20), 40), monday(21))).toEqual([
      'LONGER_THAN_USUAL P3 took 40 min, at most 26 min 15 s is usual on Mondays (median 21 min of 15 good runs)',
    ]);
    expect(textsOf(LONGER, usual, aToldRun('new', monday(20), 24), monday(21))).toEqual([]);
  });
});

test('what runs later does not change what was said of a run', () => {
  const run = aToldRun('new', monday(16), 40);
  const before = mondays(15, () => 20);
  const after = Array.from({ length: 10 }, (_, at) => aToldRun(`after ${at}`, monday(17 + at), 60));
  expect(textsOf(LONGER, [...before, ...after], run, monday(40))).toEqual(textsOf(LONGER, before, run, monday(40)));
});

test('a baseline holds the latest runs of each weekday, whatever the order in which they come, and each once', () => {
  const all = mondays(KEPT_PER_WEEKDAY + 5, () => 20).map(({ run }) => run);
  const slotOf = slotFinder(undefined);
  const whole = baselineWith({}, all, LONGER, slotOf);
  expect(whole.mon).toHaveLength(KEPT_PER_WEEKDAY);
  expect(whole.mon?.[0]?.[1]).toBe(Date.parse(monday(5)));
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), fc.nat(all.length), (order, split) => {
      const first = baselineWith({}, order.slice(0, split), LONGER, slotOf);
      expect(baselineWith(first, order, LONGER, slotOf)).toEqual(whole);
    }),
    { numRuns: 50 },
  );
  expect(baselineWith(whole, all.slice(-1), LONGER, slotOf)).toBe(whole);
});

test('a band is moved by no single outlier', () => {
  const sample = [10, 11, 9, 10, 12, 10, 10_000];
  expect(bandOf(sample, { deviations: 5, minimum_runs: 7 }, () => 0)).toEqual({
    median: 10,
    low: 5,
    high: 15,
    sample: 7,
  });
  expect(bandOf([1, 2, 3, 4], { deviations: 1, minimum_runs: 4 }, () => 0)).toMatchObject({ median: 2.5, low: 1.5 });
  expect(bandOf(sample, { deviations: 5, minimum_runs: 8 }, () => 0)).toBeUndefined();
});
