import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merge, type Run, runOf } from '../../../core/run/run.ts';
import { foldRuns } from '../../../core/run/run-fold.ts';
import { viewOf } from '../../../core/run/run-view.ts';
import type { Event } from '../../../core/schema/event.ts';
import { histories } from '../../agreement/histories.ts';

/** Runs of one key, each of one to twelve events. */
const sameKey = (event: Event): Event => ({ ...event, environment: 'prod', process_name: 'p', run_id: 'r' });
const pool = histories(400, 7).map((history) => history.map(sameKey));
const run = fc.constantFrom(...pool).map((history) => foldOne(history));
const history = fc.constantFrom(...pool);

function foldOne(events: readonly Event[]): Run {
  const [one] = foldRuns(events);
  if (!one) throw new Error('a history has events');
  return one;
}

/** Keys in any order, unknown and absent alike. */
const same = (a: Run, b: Run): void => {
  expect(a).toEqual(b);
};

describe('merge is a semilattice', () => {
  test('it is associative', () => {
    fc.assert(
      fc.property(run, run, run, (a, b, c) => same(merge(merge(a, b), c), merge(a, merge(b, c)))),
      { numRuns: 2000 },
    );
  });
  test('it is commutative', () => {
    fc.assert(
      fc.property(run, run, (a, b) => same(merge(a, b), merge(b, a))),
      { numRuns: 2000 },
    );
  });
  test('it is idempotent', () => {
    fc.assert(
      fc.property(run, (a) => same(merge(a, a), a)),
      { numRuns: 1000 },
    );
  });
});

test('order, repetition and batching of events never change a view', () => {
  fc.assert(
    fc.property(history, fc.array(fc.nat()), fc.nat(), (events, order, split) => {
      const shuffled = [...events, ...events.slice(0, split % (events.length + 1))]
        .map((event, place) => ({ event, rank: order[place % Math.max(order.length, 1)] ?? place }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ event }) => event);
      const middle = split % shuffled.length;
      const parts = [shuffled.slice(0, middle), shuffled.slice(middle)].filter((part) => part.length > 0);
      const again = parts.map(foldOne).reduce(merge);
      expect(viewOf(again)).toEqual(viewOf(foldOne(events)));
    }),
    { numRuns: 2000 },
  );
});

describe('the bounds of a live run keep the laws', () => {
  const wide = fc
    .array(
      fc.record({
        place: fc.nat(120),
        attempt: fc.integer({ min: 1, max: 20 }),
        opens: fc.boolean(),
        day: fc.nat(600),
      }),
      { minLength: 1, maxLength: 150 },
    )
    .map((facts) =>
      facts.map(({ place, attempt, opens, day }, at): Event => {
        const time = new Date(Date.UTC(2025, 0, 1) + day * 86_400_000).toISOString();
        return {
          event_key: String(at).padStart(32, '0'),
          event_id: String(at),
          event_date: time.slice(0, 10),
          event_time: time,
          received_at: time,
          environment: 'prod',
          process_name: 'p',
          run_id: 'r',
          run_attempt: attempt,
          ...(opens
            ? { event_type: 'RUN_START' as const, status: 'RUNNING' as const }
            : place % 3 === 0
              ? { event_type: 'HEARTBEAT' as const }
              : {
                  event_type: 'STEP_END' as const,
                  status: 'SUCCESS' as const,
                  step_name: `step ${place}`,
                  step_index: place,
                }),
        };
      }),
    );

  test('whatever is cut depends on the set of events alone', () => {
    fc.assert(
      fc.property(wide, fc.nat(), (events, split) => {
        const middle = split % events.length;
        const [head, tail] = [events.slice(0, middle), events.slice(middle)];
        const whole = foldOne(events);
        const parts = [tail, head]
          .filter((part) => part.length > 0)
          .map(foldOne)
          .reduce(merge);
        same(parts, whole);
        same(foldOne([...events].reverse()), whole);
      }),
      { numRuns: 300 },
    );
  });

  test('a live run stays under 64 KB', () => {
    const long = 'x'.repeat(100_000);
    const events = Array.from(
      { length: 200 },
      (_, at): Event => ({
        ...sameKey(pool[0]?.[0] as Event),
        event_key: String(at).padStart(32, '0'),
        event_type: 'STEP_END',
        status: 'FAILED',
        step_name: `step ${at}`,
        step_index: at,
        error: { error_code: 'D201', message: long },
        user: long,
        notebook_path: long,
      }),
    );
    expect(JSON.stringify(foldOne(events)).length).toBeLessThan(64 * 1024);
    expect(foldOne(events).steps_truncated).toBe(true);
  });
});

test('one event is a run of its own', () => {
  const event = pool[0]?.[0] as Event;
  same(merge(runOf(event), runOf(event)), runOf(event));
});
