import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { baselineWith } from '../../../core/alert/baseline.ts';
import { judgeDue } from '../../../core/alert/judge-due.ts';
import { slotFinder, slotOfRun } from '../../../core/alert/slot-of-run.ts';
import { instantOf } from '../../../core/instant.ts';
import type { ToldRun } from '../../../core/run/told-run.ts';
import { slotsOf } from '../../../core/schedule/schedule.ts';
import type { Event } from '../../../core/schema/event.ts';
import { toldOfEvents } from '../view-of-events.ts';
import { expecting } from './a-told-run.ts';

const FROM = Date.UTC(2025, 10, 3);
const MINUTE_MS = 60_000;
const at = (minute: number) => instantOf(FROM + minute * MINUTE_MS);

/** What happens to one run: when it starts, how long it takes, how it ends, what else it tells. */
const aRun = fc.record({
  start: fc.oneof(fc.nat(3 * 1440), fc.constantFrom(120, 125, 1560)),
  minutes: fc.option(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(10, 20))),
  status: fc.constantFrom('SUCCESS', 'SUCCESS', 'FAILED', 'TIMED_OUT', 'CANCELLED', 'SKIPPED'),
  claims: fc.option(fc.nat(3)),
  retryable: fc.constantFrom(undefined, true, false),
  records_out: fc.nat(2000),
  check: fc.constantFrom(undefined, true, false),
  backfill: fc.constantFrom(false, false, false, true),
});
type Course = typeof aRun extends fc.Arbitrary<infer T> ? T : never;

function eventsOf(course: Course, at_: number): readonly Partial<Event>[] {
  const { start, minutes, status, claims, retryable, records_out, check, backfill } = course;
  const base = {
    run_id: `run ${at_}`,
    process_name: 'orders',
    environment: 'prod',
    ...(claims === null ? {} : { scheduled_for: at(claims * 1440 + 120) }),
    ...(backfill ? { run_mode: 'backfill' } : {}),
  } as const;
  const quality = check === undefined ? undefined : [{ dataset: 'silver_x', check_name: 'c', success: check }];
  return [
    {
      ...base,
      event_type: 'RUN_START',
      status: 'RUNNING',
      event_id: `${at_} s`,
      event_time: at(start),
      start_time: at(start),
    },
    ...(quality === undefined
      ? []
      : [
          {
            ...base,
            event_type: 'QUALITY',
            event_id: `${at_} q`,
            event_time: at(start),
            quality,
          } as never as Partial<Event>,
        ]),
    ...(minutes === null
      ? []
      : [
          {
            ...base,
            event_type: 'RUN_END',
            status,
            event_id: `${at_} e`,
            event_time: at(start + minutes),
            end_time: at(start + minutes),
            records_out,
            ...(status === 'FAILED' ? { error: { error_code: 'E1', message: 'no', retryable } } : {}),
          } as never as Partial<Event>,
        ]),
  ];
}

const EXPECTATION = expecting(
  'severity: high, schedule: { cron: "0 2 * * *" }, max_duration: 45m, min_duration: 3m, finish_by: "06:30", freshness: 26h, heartbeat: { every: 10m }, records: { minimum: 5, anomaly: { minimum_runs: 5 } }, longer_than_usual: { minimum_runs: 5 }, retry: { max_attempts: 3 }, failure_rate: { threshold: 0.3, minimum_runs: 2 }',
);
const UNSCHEDULED = { ...EXPECTATION, schedule: undefined };
const courses = fc.array(aRun, { maxLength: 8 });
const moment = fc.nat(4 * 1440).map(at);

function judge(expectation: typeof EXPECTATION | typeof UNSCHEDULED, runs: readonly ToldRun[], now: string) {
  const slots = expectation.schedule && slotsOf(expectation.schedule);
  const slotOf = slotFinder(slots);
  const states = runs.map(({ run }) => run);
  const watch = {
    ...{ environment: 'prod', process_name: 'orders', since: at(0), judged_until: at(0) },
    baseline: baselineWith({}, states, expectation, slotOf),
  };
  const verdicts = judgeDue({ expectation, slots, slotOf, watch, runs, open: [], upstream: [], now });
  const sorted = verdicts.map(
    ([slot, { conditions, ...verdict }]) =>
      [slot, { ...verdict, conditions: conditions.map((each) => JSON.stringify(each)).sort() }] as const,
  );
  return new Map(sorted.sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe('for any history', () => {
  test.each([
    ['with a schedule', EXPECTATION],
    ['without one', UNSCHEDULED],
  ])('%s, no rule depends on the order of events or runs', (_, expectation) => {
    fc.assert(
      fc.property(courses, moment, fc.infiniteStream(fc.nat()), (all, now, numbers) => {
        const shuffled = <T>(items: readonly T[]): readonly T[] =>
          items
            .map((item) => ({ item, rank: numbers.next().value as number }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ item }) => item);
        const runs = all.map((course, index) => toldOfEvents(...eventsOf(course, index)));
        const others = shuffled(
          all.map((course, index) =>
            toldOfEvents(...shuffled([...eventsOf(course, index), ...eventsOf(course, index)])),
          ),
        );
        expect(judge(expectation, others, now)).toEqual(judge(expectation, runs, now));
      }),
      { numRuns: 300 },
    );
  });

  test('a run fills one slot at most, of the schedule, and not one that began long after it', () => {
    const slots = slotsOf({ cron: '0 2 * * *', timezone: 'Europe/Stockholm' });
    fc.assert(
      fc.property(aRun, (course) => {
        const { run } = toldOfEvents(...eventsOf(course, 0));
        const slot = slotOfRun(slots, run);
        expect(slot).toBeDefined();
        expect(slots.has(slot ?? '')).toBe(true);
        expect(Date.parse(slot ?? '') - Date.parse(run.start_time ?? '')).toBeLessThanOrEqual(600_000);
      }),
      { numRuns: 300 },
    );
  });

  test('a slot with a good run has neither failed, nor is it missed, whatever its other runs do', () => {
    fc.assert(
      fc.property(courses, moment, (all, now) => {
        const runs = all.map((course, index) => toldOfEvents(...eventsOf(course, index)));
        const slots = slotsOf({ cron: '0 2 * * *', timezone: 'UTC' });
        const verdicts = judge(EXPECTATION, runs, now);
        for (const { run } of runs.filter((each) => each.run.status === 'SUCCESS' || each.run.status === 'SKIPPED')) {
          const reasons =
            verdicts.get(slotOfRun(slots, run) ?? '')?.conditions.map((each) => JSON.parse(each).reason) ?? [];
          // An open run may tell of a fatal error; these courses have none.
          for (const never of ['FAILED', 'RETRIES_EXHAUSTED', 'NOT_STARTED', 'NOT_FINISHED_BY'])
            expect(reasons).not.toContain(never);
        }
      }),
      { numRuns: 300 },
    );
  });
});
