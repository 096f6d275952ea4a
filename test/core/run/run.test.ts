import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merge, type Run, runKeyOf } from '../../../core/run/run.ts';
import { foldRuns } from '../../../core/run/run-fold.ts';
import { runOf } from '../../../core/run/run-of.ts';
import { viewOf } from '../../../core/run/run-view.ts';
import type { Event } from '../../../core/schema/event.ts';
import { histories } from '../../agreement/histories.ts';
import { anEvent } from '../../factories.ts';

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
              ? {
                  event_type: 'QUALITY' as const,
                  quality: [{ dataset: `set ${place}`, check_name: `${day % 2}`, success: day % 3 > 0 }],
                }
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

  test('of more attempts than it keeps, the highest stay', () => {
    const attempts = Array.from({ length: 10 }, (_, at) => anEvent({ event_type: 'METRIC', run_attempt: at + 1 }));
    expect(Object.keys(foldOne(attempts).attempts).map(Number)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('the attempt that was opened stays, however many others are told of', () => {
    const others = Array.from({ length: 12 }, (_, at) => anEvent({ event_type: 'METRIC', run_attempt: at + 2 }));
    const opening = [anEvent({ status: 'RUNNING' }), anEvent({ event_type: 'RUN_END', status: 'FAILED' })];
    for (const order of [
      [...opening, ...others],
      [...others, ...opening],
    ]) {
      expect(foldOne(order).opened).toMatchObject({
        run_attempt: 1,
        work: { statuses: { FAILED: expect.anything() } },
      });
      expect(viewOf(foldOne(order)).run).toMatchObject({ run_attempt: 1, status: 'FAILED' });
    }
  });

  test('of more steps than it keeps, those that come first by index and name stay', () => {
    const steps = Array.from({ length: 65 }, (_, at) =>
      anEvent({ event_type: 'STEP_START', step_name: `step ${String(at).padStart(2, '0')}` }),
    ).reverse();
    const kept = foldOne(steps);
    expect(Object.keys(kept.steps)).toHaveLength(64);
    expect(kept.steps['::step 64']).toBeUndefined();
    expect(kept.truncated).toBe(true);
    expect(foldOne(steps.slice(1)).truncated).toBeUndefined();
  });

  test('of more dates than it keeps, the earliest stay', () => {
    const dates = Array.from({ length: 402 }, (_, at) => new Date(Date.UTC(2025, 0, 1 + at)).toISOString());
    const kept = foldOne(dates.reverse().map((event_time) => anEvent({ event_time }))).event_dates;
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([400, '2025-01-01', '2026-02-04']);
  });

  test('a text is cut to 512 bytes, and never within a character', () => {
    const cut = (text: string) => runOf(anEvent({ owner: text })).described.owner?.[2];
    expect(cut('x'.repeat(512))).toBe('x'.repeat(512));
    expect(cut('x'.repeat(513))).toBe('x'.repeat(512));
    expect(cut('é'.repeat(256))).toBe('é'.repeat(256));
    expect(cut(`x${'\u{1F600}'.repeat(128)}`)).toBe(`x${'\u{1F600}'.repeat(127)}`);
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
        quality: [{ dataset: `${at} ${long}`, check_name: long, severity: long, expected: long, actual: long }],
      }),
    );
    expect(JSON.stringify(foldOne(events)).length).toBeLessThan(64 * 1024);
    expect(foldOne(events).truncated).toBe(true);
  });
});

test('one event is a run of its own', () => {
  const event = pool[0]?.[0] as Event;
  same(merge(runOf(event), runOf(event)), runOf(event));
});

describe('what an event says', () => {
  test('of a run is its attempt’s, of a step that step’s try', () => {
    const ofRun = runOf(anEvent({ run_attempt: 2 }));
    expect([ofRun.attempts, ofRun.steps, ofRun.opened?.run_attempt]).toEqual([{}, {}, 2]);
    const ofStep = runOf(anEvent({ step_name: 'load', step_index: 3, run_attempt: 2, attempt: 4 }));
    expect([ofStep.attempts, ofStep.opened, ofStep.highest_attempt]).toEqual([{}, undefined, 2]);
    expect(ofStep.steps['3::load']).toMatchObject({ step_name: 'load', step_index: 3, run_attempt: 2, attempt: 4 });
  });

  test.each(['HEARTBEAT', 'METRIC', 'CHECKPOINT', 'QUALITY', 'ERROR'] as const)('%s opens no attempt', (event_type) => {
    const run = runOf(anEvent({ event_type, status: 'SUCCESS', records_in: 5 }));
    expect(run.opened).toBeUndefined();
    expect(run.attempts[1]).toMatchObject({ statuses: {}, totals: {} });
  });

  test('as numbers counts when it is an END', () => {
    const counted = { records_in: 5, duration_ms: 0 };
    expect(runOf(anEvent({ event_type: 'RUN_START', ...counted })).opened?.work.totals).toEqual({});
    expect(runOf(anEvent({ event_type: 'RUN_END', event_id: 'e', ...counted })).opened?.work.totals).toEqual({
      duration_ms: ['2025-11-03T12:00:00.000Z', 'e', 0],
      records_in: ['2025-11-03T12:00:00.000Z', 'e', 5],
    });
  });

  test('a STEP event without a step, and a RUN event with one, neither start nor end', () => {
    const odd = [anEvent({ event_type: 'STEP_END', status: 'FAILED' }), anEvent({ step_name: 'a', status: 'RUNNING' })];
    const [noStep, ofStep] = odd.map((event) => runOf(event));
    expect(noStep?.attempts[1]?.statuses).toEqual({});
    expect(noStep?.last_failed_event_at).toBeUndefined();
    expect(ofStep?.steps['::a']?.work).toMatchObject({ statuses: {}, first_start: undefined });
  });

  test('of memory is bytes, the most that was used', () => {
    const used = (memory_used_mb: number) =>
      anEvent({ event_type: 'METRIC', metrics: { memory_used_mb } as Event['metrics'] & object });
    expect(runOf(used(1.5)).memory_used_bytes).toBe(1_572_864);
    expect(runOf(used(0)).memory_used_bytes).toBe(0);
    expect(foldOne([used(2), used(1)]).memory_used_bytes).toBe(2_097_152);
    for (const unknown of [-1, 1e300]) expect(runOf(used(unknown)).memory_used_bytes).toBeUndefined();
    expect(runOf(anEvent()).memory_used_bytes).toBeUndefined();
  });

  test('that describes a run counts by the greatest event; cluster and SLA describe it too', () => {
    const first = anEvent({ event_id: 'a', owner: 'one', cluster: { cluster_id: 'c-1', cluster_size: '8' } });
    const second = anEvent({ event_id: 'b', owner: 'two', sla: { expected_max_duration_ms: 60_000 } });
    for (const run of [foldOne([first, second]), foldOne([second, first])]) {
      const values = Object.entries(run.described).map(([name, [, , value]]) => [name, value]);
      expect(Object.fromEntries(values)).toEqual({
        owner: 'two',
        cluster_id: 'c-1',
        cluster_size: '8',
        expected_max_duration_ms: 60_000,
      });
    }
  });
});

test('runs are the same when environment, pipeline and id are; the parts cannot run into each other', () => {
  const key = (environment: string | null, process_name: string, run_id: string) =>
    runKeyOf({ environment, process_name, run_id });
  expect(key('prod', 'p', 'r')).toBe(key('prod', 'p', 'r'));
  const different = [key('prod', 'p', 'r'), key('dev', 'p', 'r'), key('prod', 'p","r', ''), key(null, 'p', 'r')];
  expect(new Set(different).size).toBe(4);
});
