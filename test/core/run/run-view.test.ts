import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { statusAt } from '../../../core/run/status-at.ts';
import { hasEnded } from '../../../core/run/work-view.ts';
import { type Event, STATUSES, type Status } from '../../../core/schema/event.ts';
import { at, stateOf, viewOfEvents } from '../view-of-events.ts';

type Told = Partial<Event>;
const started = (time: string, more: Told = {}): Told => ({
  event_type: 'RUN_START',
  status: 'RUNNING',
  event_time: at(time),
  ...more,
});
const ended = (time: string, status: Status | undefined, more: Told = {}): Told => ({
  event_type: 'RUN_END',
  status,
  event_time: at(time),
  ...more,
});
const step = (verb: 'START' | 'END', time: string, step_name: string, status: Status, more: Told = {}): Told => ({
  event_type: `STEP_${verb}`,
  step_name,
  status,
  event_time: at(time),
  ...more,
});
const namesOf = (...events: readonly Told[]) =>
  viewOfEvents(...events).steps.map(({ step_name, step_index }) => [step_index, step_name]);
const stepOf = (...events: readonly Told[]) => viewOfEvents(...events).steps[0];

describe('the status of a run', () => {
  test('is the strongest word of its attempt, whatever came last', () => {
    const words = fc.subarray([...STATUSES].filter(hasEnded), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.boolean(), (said, backwards) => {
        const ends = said.map((status, place) => ended(`12:0${place}`, status));
        const run = stateOf(started('12:00'), ...(backwards ? ends.reverse() : ends));
        expect(run.status).toBe(STATUSES.find((status) => said.includes(status)));
      }),
    );
  });

  test.each([
    ['RUNNING', false],
    ['QUEUED', false],
    ['RETRY', false],
    ['SUCCESS', true],
    ['FAILED', true],
    ['TIMED_OUT', true],
    ['CANCELLED', true],
    ['SKIPPED', true],
  ])('%s is an end: %s', (status, isEnd) => {
    expect(hasEnded(status)).toBe(isEnd);
  });

  test('is open again when it started after its end, and then the later end counts alone', () => {
    const again = [started('12:00'), ended('12:05', 'FAILED'), started('13:00')];
    expect(stateOf(...again)).toMatchObject({ status: 'RUNNING', end_time: null, status_conflict: null });
    expect(stateOf(...again, ended('13:05', 'SUCCESS'))).toMatchObject({ status: 'SUCCESS', end_time: at('13:05') });
  });

  test('does not change by a start that is told twice, or that comes at the moment of the end', () => {
    expect(stateOf(started('12:00'), started('12:00'), ended('11:59', 'SUCCESS')).status).toBe('SUCCESS');
    expect(stateOf(started('12:00'), ended('12:05', 'SUCCESS'), started('12:05')).status).toBe('SUCCESS');
  });

  test('is that of the highest attempt that a run event opened', () => {
    const first = [started('12:00'), ended('12:05', 'FAILED')];
    expect(stateOf(...first, started('12:10', { run_attempt: 2 }))).toMatchObject({
      status: 'RUNNING',
      run_attempt: 2,
    });
    expect(stateOf(...first, { event_type: 'HEARTBEAT', run_attempt: 2, event_time: at('12:10') })).toMatchObject({
      status: 'FAILED',
      run_attempt: 1,
    });
  });

  test('is RUNNING when its opening event says nothing, and when nothing opened it', () => {
    expect(stateOf({ event_type: 'RUN_START' }).status).toBe('RUNNING');
    expect(stateOf({ event_type: 'HEARTBEAT', status: 'SUCCESS' }).status).toBe('RUNNING');
  });
});

describe('two ends that both count', () => {
  test('are a conflict: both are told, the stronger first, with who said so', () => {
    const run = stateOf(
      started('12:00'),
      ended('12:05', 'SUCCESS'),
      ended('12:06', 'FAILED', { reporter: 'aws.glue' }),
    );
    expect(run).toMatchObject({
      status: 'FAILED',
      status_conflict: 'FAILED by aws.glue, SUCCESS by producer',
      end_time: at('12:06'),
    });
  });

  test('are none when they say the same, and RETRY is no end', () => {
    expect(stateOf(started('12:00'), ended('12:05', 'SUCCESS'), ended('12:06', 'SUCCESS')).status_conflict).toBeNull();
    expect(stateOf(started('12:00'), ended('12:05', 'RETRY'), ended('12:06', 'SUCCESS')).status_conflict).toBeNull();
  });
});

describe('a run that never spoke itself', () => {
  test('is the worst of its steps once all have ended', () => {
    const run = stateOf(
      step('START', '12:00', 'read', 'RUNNING'),
      step('END', '12:05', 'read', 'SUCCESS'),
      step('END', '12:10', 'load', 'TIMED_OUT'),
    );
    expect(run).toMatchObject({ status: 'TIMED_OUT', start_time: at('12:00'), end_time: at('12:10') });
  });

  test('is RUNNING while one is open, whatever the others say', () => {
    const run = stateOf(step('END', '12:05', 'read', 'FAILED'), step('START', '12:06', 'load', 'RUNNING'));
    expect(run).toMatchObject({ status: 'RUNNING', end_time: null, duration_ms: null });
  });

  test('takes as long as from its first start to its last end; a step tells no duration of the run', () => {
    const run = stateOf(
      step('START', '12:00', 'read', 'RUNNING'),
      step('END', '12:05', 'read', 'SUCCESS', { duration_ms: 1 }),
    );
    expect(run.duration_ms).toBe(300_000);
  });
});

describe('times', () => {
  test('the start is what a START tells, and its event time when it tells none', () => {
    expect(stateOf(started('12:00', { start_time: at('11:58') })).start_time).toBe(at('11:58'));
    expect(stateOf(started('12:00')).start_time).toBe(at('12:00'));
  });

  test('the end is what an END tells, the last of them', () => {
    const run = stateOf(
      started('12:00'),
      ended('12:05', 'SUCCESS', { end_time: at('12:04') }),
      ended('12:06', 'SUCCESS', { end_time: at('12:03') }),
    );
    expect(run).toMatchObject({ end_time: at('12:04'), duration_ms: 240_000 });
  });

  test('the start of an attempt that something opened is never that of an earlier step', () => {
    expect(stateOf(step('START', '11:00', 'read', 'RUNNING'), started('12:00')).start_time).toBe(at('12:00'));
  });

  test('without an opening event the earliest told start of its steps is the start; a sign of life tells none', () => {
    const heartbeat = { event_type: 'HEARTBEAT', event_time: at('12:00') } as const;
    expect(stateOf(heartbeat, step('START', '11:00', 'read', 'RUNNING')).start_time).toBe(at('11:00'));
    expect(stateOf(heartbeat, step('START', '13:00', 'read', 'RUNNING')).start_time).toBe(at('13:00'));
    expect(stateOf({ ...heartbeat, start_time: at('10:00') }).start_time).toBeNull();
  });

  test('the duration is what the producer measured, else the difference; before its start it is unknown', () => {
    expect(stateOf(started('12:00'), ended('12:05', 'SUCCESS', { duration_ms: 7 })).duration_ms).toBe(7);
    expect(stateOf(started('12:00'), ended('12:05', 'SUCCESS')).duration_ms).toBe(300_000);
    expect(stateOf(started('12:00'), ended('12:00', 'SUCCESS')).duration_ms).toBe(0);
    expect(stateOf(ended('12:00', 'SUCCESS', { start_time: at('12:05') })).duration_ms).toBeNull();
  });

  test('the run date is the UTC day of the start, for its steps too', () => {
    const view = viewOfEvents(
      started('00:00', { start_time: '2025-11-02T23:59:59.999Z' }),
      step('START', '12:00', 'read', 'RUNNING'),
    );
    expect(view.run.run_date).toBe('2025-11-02');
    expect(view.steps[0]?.run_date).toBe('2025-11-02');
  });

  test('the lease is the longest that was promised, from the last event on; a day when none was', () => {
    const run = stateOf(started('12:00', { lease_ms: 60_000 }), {
      event_type: 'HEARTBEAT',
      event_time: at('12:05'),
      lease_ms: 30_000,
    });
    expect(run).toMatchObject({ lease_ms: 60_000, lease_expires_at: at('12:06'), last_event_at: at('12:05') });
    expect(stateOf(started('12:00'))).toMatchObject({
      lease_ms: 86_400_000,
      lease_expires_at: '2025-11-04T12:00:00.000Z',
    });
  });
});

describe('a run with more than a live run keeps', () => {
  const steps = (last: Partial<Event>) => [
    ...Array.from({ length: 69 }, (_, place) => step('END', '12:01', `a ${String(place).padStart(2, '0')}`, 'SUCCESS')),
    last,
  ];

  test('claims no end that its steps cannot prove, and no loss', () => {
    for (const last of [step('END', '12:02', 'z', 'FAILED'), step('START', '12:02', 'z', 'RUNNING')]) {
      const run = stateOf(...steps(last));
      expect(run).toMatchObject({ status: 'RUNNING', end_time: null, lease_expires_at: null });
      expect(statusAt(run, '2030-01-01T00:00:00.000Z')).toBe('RUNNING');
    }
    expect(stateOf(...steps(ended('12:05', undefined)), step('END', '12:02', 'z', 'FAILED')).status).toBe('RUNNING');
  });

  test('has the end that was told of it, and the failure that its steps prove', () => {
    expect(stateOf(...steps(ended('12:05', 'SUCCESS')), step('END', '12:02', 'z', 'SUCCESS')).status).toBe('SUCCESS');
    expect(stateOf(...steps(ended('12:05', undefined)), step('END', '12:02', 'a', 'FAILED')).status).toBe('FAILED');
  });
});

describe('totals', () => {
  const counted = (time: string, name: string, records_in?: number) =>
    step('END', time, name, 'SUCCESS', records_in === undefined ? {} : { records_in });

  const ran = (time: string, name: string, more: Partial<Event> = {}) => step('END', time, name, 'SUCCESS', more);
  const reading = (...paths: string[]) => ({ input_sources: paths.map((path) => ({ path })) }) as Partial<Event>;
  const writing = (...paths: string[]) => ({ output_targets: paths.map((path) => ({ path })) }) as Partial<Event>;
  const totalsOf = (...events: readonly Partial<Event>[]) => {
    const { records_in, records_out } = stateOf(...events);
    return { records_in, records_out };
  };

  test('are the run’s own, else those of its first and last step that counts, else unknown', () => {
    const steps = [counted('12:01', 'a', 3), counted('12:02', 'b', 4), counted('12:03', 'c')];
    expect(stateOf(started('12:00'), ...steps, ended('12:05', 'SUCCESS', { records_in: 5 })).records_in).toBe(5);
    expect(stateOf(started('12:00'), ...steps, ended('12:05', 'SUCCESS')).records_in).toBe(3);
    expect(stateOf(started('12:00'), counted('12:03', 'c'), ended('12:05', 'SUCCESS')).records_in).toBeNull();
    expect(stateOf(started('12:00'), counted('12:01', 'a', 0)).records_in).toBe(0);
  });

  test('never add up along a chain', () => {
    const chain = [
      ran('12:01', 'extract', { records_in: 2000, records_out: 2000 }),
      ran('12:02', 'transform', { records_in: 2000, records_out: 1500 }),
      ran('12:03', 'load', { records_in: 1500, records_out: 1500 }),
    ];
    expect(totalsOf(...chain)).toEqual({ records_in: 2000, records_out: 1500 });
  });

  test('add up over the steps that read from outside, and over those that write to outside', () => {
    const events = [
      ran('12:01', 'orders', { ...reading('s3://orders'), ...writing('tmp/a'), records_in: 100, records_out: 90 }),
      ran('12:02', 'users', { ...reading('s3://users'), ...writing('tmp/b'), records_in: 10, records_out: 9 }),
      ran('12:03', 'join', { ...reading('tmp/a', 'tmp/b'), ...writing('mart.sales'), records_in: 99, records_out: 80 }),
      ran('12:04', 'audit', { records_in: 1, records_out: 1 }),
    ];
    expect(totalsOf(...events)).toEqual({ records_in: 110, records_out: 80 });
  });

  test('of a step that reads what it writes are those of the first and the last', () => {
    const merged = ran('12:01', 'merge', { ...reading('t'), ...writing('t'), records_in: 5, records_out: 4 });
    expect(totalsOf(merged)).toEqual({ records_in: 5, records_out: 4 });
  });

  test('add up over the instances of the last step', () => {
    const instance = (map_index: number, records_out: number) => ran('12:02', 'load', { map_index, records_out });
    expect(stateOf(ran('12:01', 'extract', { records_out: 9 }), instance(0, 2), instance(1, 3))).toMatchObject({
      records_out: 5,
      steps: 3,
    });
  });

  test('are unknown when no integer can hold them', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const instance = (map_index: number, records_in: number) => ran('12:02', 'load', { map_index, records_in });
    expect(stateOf(instance(0, most), instance(1, 0)).records_in).toBe(most);
    expect(stateOf(instance(0, most), instance(1, 1)).records_in).toBeNull();
  });

  test('are unknown when a step has more paths than a live run keeps', () => {
    const many = reading(...Array.from({ length: 17 }, (_, at) => `s3://${at}`));
    expect(stateOf(ran('12:01', 'a', { ...many, records_in: 5 })).records_in).toBeNull();
    expect(stateOf(ran('12:01', 'a', { ...reading('s3://1'), records_in: 5 })).records_in).toBe(5);
  });

  test('are unknown when there are more steps than a live run keeps, unless the run tells them', () => {
    const steps = Array.from({ length: 65 }, (_, place) => counted('12:01', `step ${place}`, 1));
    expect(stateOf(...steps)).toMatchObject({ records_in: null, steps: 64 });
    expect(stateOf(...steps, ended('12:05', 'SUCCESS', { records_in: 65 })).records_in).toBe(65);
  });

  test('count how many steps there are', () => {
    expect(stateOf(counted('12:01', 'a'), counted('12:02', 'b')).steps).toBe(2);
    expect(stateOf(started('12:00')).steps).toBe(0);
  });
});

test('what describes a run, and what its end sums up, is shown under its own name', () => {
  const described = {
    process_type: 'loader',
    job_id: 'j',
    parent_run_id: 'p',
    root_run_id: 'r',
    owner: 'o',
    run_mode: 'manual',
    user: 'u',
    notebook_path: '/n',
    notebook_git_sha: 'g',
    scheduled_for: at('11:00'),
    data_interval_start: at('09:00'),
    data_interval_end: at('10:00'),
  };
  const totals = { duration_ms: 1, records_in: 2, records_out: 3, data_size_bytes_in: 4, data_size_bytes_out: 5 };
  const placed = { cluster_id: 'c', cluster_size: '8' };
  const sla = { expected_max_duration_ms: 6 };
  const run = stateOf(ended('12:00', 'SUCCESS', { ...described, ...totals, cluster: placed, sla }));
  expect(run).toMatchObject({ ...described, ...totals, ...placed, ...sla });
});

describe('errors', () => {
  const error = { error_code: 'T101', message: 'slow', retryable: true };

  test('a run shows its own first error', () => {
    const run = stateOf(
      started('12:00'),
      { event_type: 'ERROR', event_time: at('12:02'), error: { error_code: 'D201', message: 'later' } },
      { event_type: 'ERROR', event_time: at('12:01'), error },
    );
    expect(run).toMatchObject({
      error_code: 'T101',
      error_message: 'slow',
      error_retryable: true,
      error_step: null,
    });
  });

  test('else the first of its steps, by name', () => {
    const run = stateOf(
      started('12:00'),
      step('END', '12:03', 'load', 'FAILED', { error: { message: 'second', retryable: false } }),
      step('END', '12:02', 'read', 'FAILED', { error: { message: 'first', retryable: false } }),
      step('END', '12:01', 'plan', 'SUCCESS'),
    );
    expect(run).toMatchObject({
      error_code: null,
      error_message: 'first',
      error_retryable: false,
      error_step: 'read',
    });
  });

  test('told by two steps in one event’s words: the step whose name comes first', () => {
    const told = { event_id: 'same', error };
    const run = stateOf(step('END', '12:01', 'b', 'FAILED', told), step('END', '12:01', 'a', 'FAILED', told));
    expect(run.error_step).toBe('a');
  });

  test('without a code or a message are none; what is not told of one is unknown', () => {
    expect(stateOf(started('12:00', { error: { retryable: true } }))).toMatchObject({
      error_code: null,
      error_message: null,
      error_retryable: null,
    });
    expect(stateOf(started('12:00', { error: { error_code: 'T101' } }))).toMatchObject({
      error_code: 'T101',
      error_message: null,
      error_retryable: null,
    });
  });

  test('are the last word until something better is told; at one moment the error counts', () => {
    const failed = { event_type: 'ERROR', event_time: at('12:05') } as const;
    expect(stateOf(started('12:00')).last_event_failed).toBe(false);
    expect(stateOf(failed).last_event_failed).toBe(true);
    expect(stateOf({ event_type: 'HEARTBEAT' }).last_event_failed).toBe(false);
    expect(stateOf(started('12:00'), failed).last_event_failed).toBe(true);
    expect(stateOf(started('12:05'), failed).last_event_failed).toBe(true);
    expect(stateOf(failed, step('START', '12:06', 'load', 'RUNNING')).last_event_failed).toBe(false);
    expect(stateOf(failed, { event_type: 'HEARTBEAT', event_time: at('12:06') }).last_event_failed).toBe(true);
    expect(stateOf(failed, { event_type: 'METRIC', event_time: at('12:06') }).last_event_failed).toBe(true);
    expect(stateOf(step('END', '12:00', 'load', 'FAILED')).last_event_failed).toBe(true);
    expect(stateOf(step('END', '12:00', 'load', 'SUCCESS')).last_event_failed).toBe(false);
  });
});

describe('the steps of a run', () => {
  test('stand in the order of their index, those without one last, then by name', () => {
    expect(
      namesOf(
        step('START', '12:00', 'b', 'RUNNING'),
        step('START', '12:00', 'a', 'RUNNING'),
        step('START', '12:00', 'z', 'RUNNING', { step_index: 2 }),
        step('START', '12:00', 'y', 'RUNNING', { step_index: 10 }),
        step('START', '12:00', 'x', 'RUNNING', { step_index: 2 }),
      ),
    ).toEqual([
      [2, 'x'],
      [2, 'z'],
      [10, 'y'],
      [null, 'a'],
      [null, 'b'],
    ]);
  });

  test('told once without an index are their only indexed namesake', () => {
    const view = viewOfEvents(
      step('START', '12:00', 'load', 'RUNNING', { step_index: 1 }),
      step('START', '12:00', 'read', 'RUNNING', { step_index: 0 }),
      step('END', '12:05', 'load', 'SUCCESS'),
    );
    expect(view.steps).toMatchObject([
      { step_name: 'read', step_index: 0, status: 'RUNNING' },
      { step_name: 'load', step_index: 1, status: 'SUCCESS', start_time: at('12:00'), end_time: at('12:05') },
    ]);
  });

  test('of one name and two indexes stay apart from the one without', () => {
    expect(
      namesOf(
        step('START', '12:00', 'load', 'RUNNING', { step_index: 1 }),
        step('START', '12:00', 'load', 'RUNNING', { step_index: 2 }),
        step('END', '12:05', 'load', 'SUCCESS'),
      ),
    ).toEqual([
      [1, 'load'],
      [2, 'load'],
      [null, 'load'],
    ]);
  });

  test('are shown by their highest try, of the highest run attempt', () => {
    const tries = [
      step('END', '12:01', 'load', 'FAILED', { run_attempt: 1, attempt: 3 }),
      step('END', '12:02', 'load', 'SUCCESS', { run_attempt: 2, attempt: 2 }),
      step('START', '12:03', 'load', 'RUNNING', { run_attempt: 2, attempt: 1 }),
    ];
    for (const told of [tries, tries.toReversed()]) {
      expect(stepOf(...told)).toMatchObject({ run_attempt: 2, attempt: 2, status: 'SUCCESS', end_time: at('12:02') });
    }
  });

  test('that ended show what they told', () => {
    const view = viewOfEvents(
      step('START', '12:00', 'load', 'RUNNING'),
      step('END', '12:05', 'load', 'FAILED', {
        records_in: 1,
        records_out: 2,
        data_size_bytes_in: 3,
        data_size_bytes_out: 4,
        error: { error_code: 'R401', message: 'out of memory', retryable: true },
      }),
    );
    expect(view.steps).toMatchObject([
      {
        status: 'FAILED',
        start_time: at('12:00'),
        end_time: at('12:05'),
        duration_ms: 300_000,
        records_in: 1,
        records_out: 2,
        data_size_bytes_in: 3,
        data_size_bytes_out: 4,
        error_code: 'R401',
        error_message: 'out of memory',
        error_retryable: true,
      },
    ]);
  });

  test('that are open have no end and no duration, and no numbers nobody told', () => {
    expect(stepOf(step('START', '12:00', 'load', 'RUNNING'), started('11:00'))).toMatchObject({
      status: 'RUNNING',
      end_time: null,
      duration_ms: null,
      records_in: null,
      error_code: null,
      error_message: null,
      error_retryable: null,
    });
  });

  test('left open are ABANDONED when the run has ended', () => {
    const open = step('START', '12:00', 'load', 'RUNNING');
    expect(stepOf(started('11:00'), open, ended('13:00', 'SUCCESS'))?.status).toBe('ABANDONED');
    expect(stepOf(started('11:00'), open, ended('13:00', 'FAILED'))?.status).toBe('ABANDONED');
  });

  test('left open with an error FAILED, unless the run went well all the same', () => {
    const broken: Told = { event_type: 'ERROR', step_name: 'load', event_time: at('12:00'), error: { message: 'no' } };
    expect(stepOf(started('11:00'), broken, ended('13:00', 'FAILED'))?.status).toBe('FAILED');
    expect(stepOf(started('11:00'), broken, ended('13:00', 'CANCELLED'))?.status).toBe('FAILED');
    expect(stepOf(started('11:00'), broken, ended('13:00', 'SUCCESS'))?.status).toBe('ABANDONED');
    expect(stepOf(started('11:00'), broken, ended('13:00', 'SKIPPED'))?.status).toBe('ABANDONED');
    expect(stepOf(started('11:00'), broken)?.status).toBe('RUNNING');
  });
});
