import { describe, expect, test } from 'vitest';
import { ALIASES } from '../../../core/accept/aliases.ts';
import { FIELD_READERS } from '../../../core/accept/field-readers.ts';
import { normalize } from '../../../core/accept/normalize.ts';
import { type Event, eventSchema } from '../../../core/schema/event.ts';
import { settings } from './settings.ts';

const RECEIVED = '2025-11-03T12:00:01.000Z';
const named = { process_name: 'daily', run_id: 'r' };
function event(line: object): Event & { readonly changed: boolean } {
  const result = normalize({ ...named, ...line } as Record<string, unknown>, '0'.repeat(32), RECEIVED, settings);
  if ('reason' in result) throw new Error(JSON.stringify(result.reason));
  return { ...result.event, changed: result.changed };
}
const start = { event_type: 'RUN_START' };
const extraOf = (line: object) => JSON.parse(event({ ...start, ...line }).extra ?? 'null');

describe('a status word', () => {
  test.each([
    ['FAILED', 'FAILED FAILURE FAIL ERROR'],
    ['TIMED_OUT', 'TIMED_OUT TIMEDOUT TIMEOUT'],
    ['CANCELLED', 'CANCELLED CANCELED ABORTED STOPPED'],
    ['SUCCESS', 'SUCCESS SUCCEEDED COMPLETED COMPLETE FINISHED OK'],
    ['SKIPPED', 'SKIPPED'],
    ['RETRY', 'RETRY RETRYING UP_FOR_RETRY'],
    ['RUNNING', 'RUNNING STARTED IN_PROGRESS'],
    ['QUEUED', 'QUEUED PENDING'],
  ])('of any dialect: %s is said as %s', (status, words) => {
    for (const word of words.split(' ')) {
      for (const written of [word, ` ${word.toLowerCase()} `]) {
        expect([written, event({ event_type: 'HEARTBEAT', status: written }).status]).toEqual([written, status]);
      }
    }
  });

  test.each(['', 'PURPLE', 'constructor', '__proto__', 'toString'])('%j is none', (word) => {
    expect(event({ event_type: 'HEARTBEAT', status: word }).status).toBeUndefined();
  });
});

describe('an event type', () => {
  test.each([
    ['RUN_STARTED', 'RUN_START'],
    ['run_ended', 'RUN_END'],
    [' STEP_STARTED ', 'STEP_START'],
    ['STEP_ENDED', 'STEP_END'],
    ['heartbeat', 'HEARTBEAT'],
    ['QUALITY', 'QUALITY'],
    ['CHECKPOINT', 'CHECKPOINT'],
    ['METRIC', 'METRIC'],
    ['ERROR', 'ERROR'],
  ])('%j is %s', (word, event_type) => {
    expect(event({ event_type: word })).toMatchObject({ event_type, changed: false });
  });

  test.each(['STARTED', 'start'])('%s is the start of what the line names', (event_type) => {
    expect(event({ event_type })).toMatchObject({ event_type: 'RUN_START', status: 'RUNNING' });
    expect(event({ event_type, step_name: 's' }).event_type).toBe('STEP_START');
  });

  test('that is no text is kept as it came', () => {
    expect(event({ event_type: 7, status: 'SUCCESS' })).toMatchObject({ event_type: 'RUN_END', changed: true });
    expect(extraOf({ event_type: 7, status: 'SUCCESS' })).toEqual({ event_type: 7 });
    expect(event({ event_type: ' ', status: 'SUCCESS' })).toMatchObject({
      changed: false,
      extra: '{"event_type":" "}',
    });
  });

  test.each([
    ['QUEUED is a start', { status: 'QUEUED' }, 'START'],
    ['STARTED is a start', { status: 'STARTED' }, 'START'],
    ['another status is an end', { status: 'SUCCESS' }, 'END'],
    ['an end time is an end', { end_time: '2025-11-03T12:00:00Z' }, 'END'],
    ['a start time alone is a start', { start_time: '2025-11-03T12:00:00Z' }, 'START'],
  ])('not given: %s', (_, line, verb) => {
    expect(event(line)).toMatchObject({ event_type: `RUN_${verb}` });
    expect(event({ ...line, step_name: 's' })).toMatchObject({ event_type: `STEP_${verb}` });
    expect(event(line).flags).toContain('event_type_assumed');
  });

  test.each([
    ['RUNNING is a heartbeat', { status: 'RUNNING', error: { message: 'm' } }, 'HEARTBEAT'],
    ['an error is an error', { error: { message: 'm' }, quality: [{ dataset: 'd' }] }, 'ERROR'],
    ['a level of error is an error', { log_level: 'fatal' }, 'ERROR'],
    ['a quality result is one', { quality: [{ dataset: 'd' }], end_time: '2025-11-03T12:00:00Z' }, 'QUALITY'],
    ['metrics are a metric', { metrics: { a: 1 }, message: 'm' }, 'METRIC'],
    ['records in are a metric', { records_in: 0 }, 'METRIC'],
    ['records out are a metric', { records_out: 0 }, 'METRIC'],
    ['words are a checkpoint', { message: 'm', start_time: '2025-11-03T12:00:00Z' }, 'CHECKPOINT'],
  ])('not given: %s', (_, line, event_type) => {
    expect(event(line).event_type).toBe(event_type);
  });

  test.each(['INFO', 'WARN', 'NO ERROR', 'ERRORS'])('not given: the level %s says nothing', (log_level) => {
    expect(event({ log_level, message: 'm' }).event_type).toBe('CHECKPOINT');
  });
});

describe('the status of a START', () => {
  test('is RUNNING or QUEUED; any other word contradicts it, and the line is kept', () => {
    expect(event(start)).toMatchObject({ status: 'RUNNING', changed: false });
    expect(event({ ...start, status: 'QUEUED' })).toMatchObject({ status: 'QUEUED', changed: false });
    for (const event_type of ['RUN_START', 'STEP_START']) {
      const odd = event({ event_type, status: 'SUCCESS' });
      expect(odd).toMatchObject({ status: 'RUNNING', changed: true });
      expect(odd.flags).toContain('status_contradicts_event_type');
    }
  });
});

describe('the status of an END', () => {
  test.each(['RUN_END', 'STEP_END'])('%s is its own word', (event_type) => {
    for (const status of ['FAILED', 'TIMED_OUT', 'CANCELLED', 'SUCCESS', 'SKIPPED', 'RETRY']) {
      const said = event({ event_type, status, ...(event_type === 'STEP_END' ? { step_name: 's' } : {}) });
      expect([said.status, said.flags]).toEqual([status, ['event_time_assumed']]);
    }
  });

  test.each(['RUNNING', 'QUEUED'])('%s contradicts it, and the line is kept', (status) => {
    const odd = event({ event_type: 'STEP_END', status, step_name: 's' });
    expect(odd).toMatchObject({ status: 'FAILED', changed: true });
    expect(odd.flags).toEqual(['status_contradicts_event_type', 'status_assumed', 'event_time_assumed']);
  });

  test('of an event that is neither START nor END is as it came', () => {
    expect(event({ event_type: 'HEARTBEAT' }).status).toBeUndefined();
    expect(event({ event_type: 'HEARTBEAT', status: 'SUCCESS' }).status).toBe('SUCCESS');
  });

  test('that no dialect knows is FAILED; the word is kept, and so is the line', () => {
    const odd = event({ event_type: 'RUN_END', status: 'PURPLE' });
    expect(odd).toMatchObject({ status: 'FAILED', changed: true });
    expect(odd.flags).toContain('status_unknown');
    expect(JSON.parse(odd.extra ?? '')).toEqual({ status: 'PURPLE' });
    expect(event({ event_type: 'RUN_END', status: ' ' })).toMatchObject({ changed: false, extra: '{"status":" "}' });
    expect(extraOf({ status: 7 })).toEqual({ status: 7 });
  });
});

describe('a stage', () => {
  test('is the step, unless the line names one', () => {
    expect(event({ ...start, stage: 'load' }).step_name).toBe('load');
    expect(event({ ...start, stage: 'load', step_name: 'read' }).step_name).toBe('read');
    for (const stage of ['', ' ']) expect(event({ ...start, stage }).step_name).toBeUndefined();
    expect(event({ ...start, stage: 7 }).step_name).toBe('7');
  });

  test('called as the run is the run, unless it has an index', () => {
    for (const stage of ['job', 'Run', 'PIPELINE']) {
      const run = event({ ...start, stage });
      expect(run.step_name).toBeUndefined();
      expect(run.flags).toContain('stage_is_run');
    }
    expect(event({ ...start, stage: 'job', step_index: 0 }).step_name).toBe('job');
  });
});

test('a step that has an index and no name is named by it', () => {
  const step = event({ event_type: 'STEP_START', step_index: 3 });
  expect(step.step_name).toBe('step_3');
  expect(step.flags).toContain('step_name_assumed');
  expect(event({ event_type: 'RUN_START', step_index: 3 }).step_name).toBeUndefined();
  expect(event({ event_type: 'STEP_START' }).step_name).toBe('unnamed');
});

describe('success as a truth', () => {
  test.each([
    [true, 'SUCCESS'],
    ['True', 'SUCCESS'],
    [false, 'FAILED'],
    ['no', 'FAILED'],
    [1, 'SUCCESS'],
    [0, 'FAILED'],
  ])('%j is %s', (success, status) => {
    const said = event({ success });
    expect(said).toMatchObject({ event_type: 'RUN_END', status });
    expect(said.flags).toContain('status_assumed');
  });

  test('says nothing beside a status', () => {
    expect(event({ success: true, status: 'FAILED' }).status).toBe('FAILED');
  });
});

describe('times of other dialects', () => {
  test.each(['log_ts', 'event_ts', 'timestamp'])('%s is when it happened, before every other time', (name) => {
    const times = { updated_at: '2025-11-03T01:00:00Z', [name]: '2025-11-03T02:00:00' };
    expect(event({ ...start, ...times })).toMatchObject({ event_time: '2025-11-03T02:00:00.000Z' });
    expect(event({ ...start, ...times }).flags).toEqual([`zone_assumed:${name}`]);
  });

  test('the time of the current run is its start, the end of its data, and its name', () => {
    const row = { process_name: 'daily', run_id: null, current_run_timestamp: '2025-11-03T02:00:00Z', status: 'OK' };
    const instant = '2025-11-03T02:00:00.000Z';
    expect(event(row)).toMatchObject({ run_id: instant, start_time: instant, data_interval_end: instant });
    expect(event(row).flags).toContain('run_id_assumed');
    const own = { run_id: 'mine', start_time: '2025-11-03T03:00:00Z', data_interval_end: '2025-11-03T04:00:00Z' };
    expect(event({ ...row, ...own })).toMatchObject({
      run_id: 'mine',
      start_time: '2025-11-03T03:00:00.000Z',
      data_interval_end: '2025-11-03T04:00:00.000Z',
    });
  });

  test('an END that tells its start and its duration tells its end', () => {
    const end = { event_type: 'RUN_END', start_time: '2025-11-03T02:00:00Z', duration_ms: 1500 };
    expect(event(end)).toMatchObject({ end_time: '2025-11-03T02:00:01.500Z' });
    expect(event(end).flags).toContain('end_time_assumed');
    expect(event({ ...end, end_time: '2025-11-03T05:00:00Z' }).end_time).toBe('2025-11-03T05:00:00.000Z');
    for (const more of [{ event_type: 'HEARTBEAT' }, { start_time: null }, { duration_ms: null }]) {
      expect(event({ ...end, ...more }).end_time).toBeUndefined();
    }
  });

  test('but no end beyond the year 2100', () => {
    const end = { event_type: 'RUN_END', start_time: '2100-12-31T23:59:59.000Z' };
    expect(event({ ...end, duration_ms: 999 }).end_time).toBe('2100-12-31T23:59:59.999Z');
    expect(event({ ...end, duration_ms: 1000 }).end_time).toBeUndefined();
  });
});

describe('numbers in other units', () => {
  test.each([
    ['duration_sec', 'duration_ms', 1.5, 1500],
    ['duration_secs', 'duration_ms', 0, 0],
    ['processing_time_seconds', 'duration_ms', 0.0006, 1],
    ['input_size_mb', 'data_size_bytes_in', 2, 2_097_152],
    ['output_size_mb', 'data_size_bytes_out', 0.5, 524_288],
  ])('%s becomes %s, and the line is kept', (name, canonical, value, converted) => {
    const read = event({ ...start, [name]: value });
    expect(read).toMatchObject({ [canonical]: converted, changed: true });
    expect(read.flags).toContain(`converted:${canonical}`);
  });

  test('give way to the canonical field, and are kept', () => {
    expect(event({ ...start, duration_ms: 7, duration_sec: 5 }).duration_ms).toBe(7);
    expect(extraOf({ duration_ms: 7, duration_sec: 5 })).toEqual({ duration_sec: 5 });
  });

  test('that are none, or beyond every count, are unknown', () => {
    for (const duration_sec of ['long', -1, 1e300]) {
      const read = event({ ...start, duration_sec });
      expect([read.duration_ms, read.changed]).toEqual([undefined, true]);
      expect(read.flags).not.toContain('converted:duration_ms');
    }
  });
});

describe('flat fields', () => {
  test('become their structs, masked', () => {
    const flat = { cluster_id: 'c', cluster_size: 8, node_type: 'r5', spark_version: '3', error_code: 'T101' };
    expect(event({ ...start, ...flat, error_message: 'a hush \u0000', memory_used_mb: '512' })).toMatchObject({
      cluster: { cluster_id: 'c', cluster_size: '8', driver_node_type: 'r5', spark_version: '3' },
      error: { error_code: 'T101', message: 'a [masked] \uFFFD' },
      metrics: { memory_used_mb: 512 },
    });
  });

  test('give way to what the struct says, and empty text is none', () => {
    expect(event({ ...start, cluster: { cluster_id: 'a' }, cluster_id: 'b' }).cluster).toEqual({ cluster_id: 'a' });
    expect(event({ ...start, cluster_id: '', error_message: '' })).not.toHaveProperty('cluster.cluster_id');
    expect(event({ ...start, memory_used_mb: 'much' }).metrics).toBeUndefined();
  });
});

describe('other names of canonical fields', () => {
  test.each(Object.entries(ALIASES).filter(([, name]) => /^(process|step|records|log)/.test(name)))(
    '%s is %s, which wins beside it',
    (alias, name) => {
      const line = { ...start, process_name: undefined, [alias]: 5 };
      const both = { ...line, [name]: 7 };
      const value = /^(records|step_index)/.test(name) ? (number: number) => number : String;
      const process = name === 'process_name' ? {} : { process_name: 'p' };
      expect(event({ ...line, ...process })).toMatchObject({ [name]: value(5) });
      expect(event({ ...both, ...process })).toMatchObject({ [name]: value(7) });
      expect(JSON.parse(event({ ...both, ...process }).extra ?? '')).toEqual({ [alias]: 5 });
    },
  );

  test('of times are times', () => {
    const time = '2025-11-03T02:00:00.000Z';
    expect(event({ ...start, run_started_at: time, run_ended_at: time, last_run_timestamp: time })).toMatchObject({
      start_time: time,
      end_time: time,
      data_interval_start: time,
    });
  });

  test('are no names of a dialect’s own', () => {
    expect(Object.keys(ALIASES).filter((name) => name in FIELD_READERS)).toEqual([]);
  });
});

test('whatever name an error comes under, its text is well-formed', () => {
  const names = ['error', 'errors', 'err', 'exception', 'error_message', 'exc_info', 'error_code', 'stage', 'table'];
  for (const name of names) {
    for (const text of ['a\ud83d', 'a\0b']) {
      for (const value of [text, [text], { message: text }]) {
        const { changed, ...accepted } = event({ event_type: 'ERROR', [name]: value });
        expect([name, eventSchema.safeParse(JSON.parse(JSON.stringify(accepted))).error]).toEqual([name, undefined]);
      }
    }
  }
});
