import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { acceptLine } from '../../../core/accept/accept-line.ts';
import { type Rejection, rejectedLine } from '../../../core/accept/rejection.ts';
import { resentLine } from '../../../core/accept/resent-line.ts';
import type { AcceptSettings } from '../../../core/accept/settings.ts';
import { maskOf } from '../../../core/mask/mask.ts';
import { type Event, eventSchema } from '../../../core/schema/event.ts';

const settings: AcceptSettings = {
  environment: 'local',
  zone: 'UTC',
  keepUserEmail: false,
  userSalt: 'a salt of this test',
  mask: maskOf(),
  hash: (content) => hash('sha256', content).slice(0, 32),
};
const RECEIVED = '2025-11-03T12:00:00.000Z';

function outcome(line: unknown, more: Partial<AcceptSettings> = {}) {
  const text = typeof line === 'string' ? line : JSON.stringify(line);
  return acceptLine(text, text, RECEIVED, { ...settings, ...more });
}
function accepted(line: unknown, more: Partial<AcceptSettings> = {}): Event {
  const result = outcome(line, more);
  if ('rejection' in result) throw new Error(JSON.stringify(result.rejection));
  expect(eventSchema.safeParse(JSON.parse(result.line)).error).toBeUndefined();
  return result.event;
}
function rejected(line: unknown): Rejection {
  const result = outcome(line);
  if (!('rejection' in result)) throw new Error(`accepted: ${result.line}`);
  return result.rejection;
}

const identity = { process_name: 'customer_daily', run_id: 'run-1' };
const start = { ...identity, event_type: 'RUN_START', created_at: '2025-11-03T11:59:00.000Z' };

describe('the canonical event', () => {
  test('is taken as it is, with the stamps in front at fixed places', () => {
    const result = outcome(start);
    if ('rejection' in result) throw new Error('rejected');
    expect(result.line.slice(0, 116)).toMatch(
      /^\{"event_key":"[0-9a-f]{32}","event_date":"2025-11-03","event_time":"2025-11-03T11:59:00.000Z"/,
    );
    expect(result.event).toMatchObject({
      ...start,
      status: 'RUNNING',
      environment: 'local',
      run_attempt: 1,
      received_at: RECEIVED,
    });
    expect(result.event.original).toBeUndefined();
  });

  test('whatever JSON object comes, what is accepted passes the schema', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.jsonValue(),
    );
    const names = [
      ...Object.keys(eventSchemaShape()),
      'pipeline_name',
      'stage',
      'duration_sec',
      'log_ts',
      'Status',
      '__proto__',
      'cluster_id',
      'error_code',
      'success',
    ];
    const line = fc.dictionary(fc.constantFrom(...names), cell, { maxKeys: 12, noNullPrototype: true });
    fc.assert(
      fc.property(line, (fields) => {
        const result = outcome({ ...fields, ...start });
        if ('rejection' in result) throw new Error(JSON.stringify(result.rejection));
        const parsed = eventSchema.safeParse(JSON.parse(result.line));
        if (!parsed.success) throw new Error(`${result.line}\n${parsed.error.message}`);
      }),
      { numRuns: 3000 },
    );
  });

  test('an accepted line accepted again says the same', () => {
    const once = accepted({ ...start, tags: { env: 'prod' }, unknown: { a: [1] }, records_in: '12' });
    const again = accepted(JSON.parse(JSON.stringify(once)));
    const { event_key: _, flags: __, original: ___, ...facts } = once;
    expect(again).toMatchObject(facts);
  });
});

const eventSchemaShape = () => (eventSchema as unknown as { shape: Record<string, unknown> }).shape;

describe('what cannot be accepted says why and keeps its line', () => {
  test.each([
    ['not JSON', 'hello', { kind: 'not_json' }],
    ['half a line', '{"run_id":"1","proc', { kind: 'not_json', detail: 'syntax error at position 19' }],
    ['a number', '42', { kind: 'not_an_object', found: 'a number' }],
    ['an array', '[1]', { kind: 'not_an_object', found: 'an array' }],
    ['null', 'null', { kind: 'not_an_object', found: 'null' }],
    ['no pipeline', { run_id: '1', event_type: 'RUN_END' }, { kind: 'missing_identity', missing: ['process_name'] }],
    [
      'blank names',
      { process_name: ' ', run_id: '', status: 'SUCCESS' },
      { kind: 'missing_identity', missing: ['process_name', 'run_id'] },
    ],
    ['nothing happened', identity, { kind: 'says_nothing', event_type: null, status: null }],
    [
      'a status nobody knows, alone',
      { ...identity, status: 'PURPLE' },
      { kind: 'says_nothing', event_type: null, status: 'PURPLE' },
    ],
  ])('%s', (_, line, reason) => {
    const rejection = rejected(line);
    expect(rejection.reason).toMatchObject(reason);
    expect(rejection.payload).toBe(typeof line === 'string' ? line : JSON.stringify(line));
  });

  test('a syntax error is told by its place, never by quoting the line', () => {
    expect(JSON.stringify(rejected('{"password": oops-secret}').reason)).not.toContain('oops');
  });
});

describe('dialects of the fields', () => {
  test('a stage row with STARTED is the start of a step', () => {
    const event = accepted({
      pipeline_name: 'p',
      run_id: '123',
      stage: 'ingest',
      status: 'STARTED',
      event_ts: '2025-11-03 09:00:00Z',
    });
    expect(event).toMatchObject({
      process_name: 'p',
      step_name: 'ingest',
      event_type: 'STEP_START',
      status: 'RUNNING',
      event_time: '2025-11-03T09:00:00.000Z',
    });
  });
  test.each(['job', 'run', 'pipeline', 'JOB'])('a stage called %s is the run itself', (stage) => {
    const event = accepted({ pipeline_name: 'p', run_id: '123', stage, status: 'SUCCESS' });
    expect(event).toMatchObject({ event_type: 'RUN_END', status: 'SUCCESS' });
    expect(event.step_name).toBeUndefined();
  });
  test('a RUNNING row is a heartbeat: it reopens nothing', () => {
    expect(
      accepted({ pipeline_name: 'p', run_id: '1', stage: 'ingest', status: 'RUNNING', message: '50% done' }).event_type,
    ).toBe('HEARTBEAT');
  });
  test('an audit row without stage is the end of the run, FAILURE is FAILED', () => {
    expect(
      accepted({
        pipeline_name: 'p',
        run_id: 'run_20251204',
        start_time: '2025-12-04 15:00:00',
        end_time: '2025-12-04 15:00:05',
        status: 'FAILURE',
        row_count: 2,
      }),
    ).toMatchObject({
      event_type: 'RUN_END',
      status: 'FAILED',
      records_out: 2,
      event_time: '2025-12-04T15:00:05.000Z',
    });
  });
  test('an incremental log row without run id is known by the time of its run', () => {
    expect(
      accepted({
        pipeline_name: 'p',
        last_run_timestamp: 1736937000000,
        current_run_timestamp: 1736937135000,
        status: 'SUCCESS',
        records_processed: 10,
        processing_time_seconds: 12.5,
        error_message: null,
      }),
    ).toMatchObject({
      run_id: '2025-01-15T10:32:15.000Z',
      data_interval_start: '2025-01-15T10:30:00.000Z',
      data_interval_end: '2025-01-15T10:32:15.000Z',
      duration_ms: 12500,
      end_time: '2025-01-15T10:32:27.500Z',
      records_out: 10,
    });
  });
  test('seconds and megabytes become milliseconds and bytes, flat fields their structs', () => {
    const event = accepted({
      ...start,
      duration_sec: 1.5,
      input_size_mb: 2,
      output_size_mb: 0.5,
      memory_used_mb: 512,
      cluster_id: 'c-1',
      node_type: 'r5',
      cluster_size: 8,
      error_code: 'T101',
      error_message: 'slow',
    });
    expect(event).toMatchObject({
      duration_ms: 1500,
      data_size_bytes_in: 2_097_152,
      data_size_bytes_out: 524_288,
      metrics: { memory_used_mb: 512 },
      cluster: { cluster_id: 'c-1', driver_node_type: 'r5', cluster_size: '8' },
      error: { error_code: 'T101', message: 'slow' },
    });
    expect(event.original).toContain('"duration_sec":1.5');
  });
  test('a log writer row says success as a boolean', () => {
    expect(
      accepted({ pipeline_name: 'p', run_id: '1', success: true, rows_written: 5, duration_secs: 2 }),
    ).toMatchObject({ status: 'SUCCESS', records_out: 5, duration_ms: 2000 });
    expect(accepted({ pipeline_name: 'p', run_id: '1', success: false }).status).toBe('FAILED');
  });
  test('known keys are read in any case, the exact one wins and the other is kept', () => {
    const event = accepted({
      Process_Name: 'p',
      RUN_ID: '1',
      STATUS: 'failed',
      Event_Type: 'run_end',
      owner: 'a',
      Owner: 'b',
    });
    expect(event).toMatchObject({
      process_name: 'p',
      run_id: '1',
      status: 'FAILED',
      event_type: 'RUN_END',
      owner: 'a',
    });
    expect(JSON.parse(event.extra ?? '')).toEqual({ Owner: 'b', STATUS: 'failed', Event_Type: 'run_end' });
  });
});

describe('what an END says when it does not say it', () => {
  const end = { ...identity, event_type: 'RUN_END' };
  test.each([
    ['nothing', {}],
    ['a code of success', { error: { error_code: 'S000' } }],
    ['an empty error', { error: '' }],
    ['that there was no error', { error: null, errors: [], error_message: 'None' }],
  ])('%s: the rest of its run decides', (_, fields) => {
    const event = accepted({ ...end, ...fields });
    expect(event.status).toBeUndefined();
    expect(event.flags ?? []).not.toContain('status_assumed');
  });
  test.each([
    ['a code of failure', { error: { error_code: 'T101' } }, 'FAILED'],
    ['a code outside the taxonomy', { error: { error_code: 'E3001' } }, 'FAILED'],
    ['a status nobody knows', { status: 'PURPLE' }, 'FAILED'],
    ['that it is running', { status: 'RUNNING' }, 'FAILED'],
  ])('%s', (_, fields, status) => {
    const event = accepted({ ...end, ...fields });
    expect(event.status).toBe(status);
    expect(event.flags).toContain('status_assumed');
  });
});

describe('numbers', () => {
  test('strings where numbers belong, and numbers where strings belong, are taken', () => {
    const event = accepted({
      ...start,
      records_in: '1200',
      run_id: 123,
      tags: { sla_minutes: 30 },
      metrics: { cpu_seconds: '1.5' },
      step_index: '3',
      step_name: 'x',
      event_type: 'STEP_START',
    });
    expect(event).toMatchObject({
      records_in: 1200,
      run_id: '123',
      tags: { sla_minutes: '30' },
      metrics: { cpu_seconds: 1.5 },
      step_index: 3,
    });
    expect(event.sla?.expected_max_duration_ms).toBe(1_800_000);
  });
  test.each([['9223372036854775807'], ['-1'], ['1.5'], ['1e300'], ['"many"'], ['true'], ['{}']])(
    'a count of %s is unknown and flagged',
    (value) => {
      const event = accepted(`{"process_name":"p","run_id":"1","event_type":"RUN_END","records_in":${value}}`);
      expect(event.records_in).toBeUndefined();
      expect(event.flags).toContain('count_unknown:records_in');
      expect(event.original).toBeDefined();
    },
  );
  test('NaN as Python writes it is unknown and flagged', () => {
    const event = accepted(
      '{"process_name":"p","run_id":"1","event_type":"RUN_END","message":"NaN","metrics":{"loss":NaN,"x":-Infinity,"ok":1}}',
    );
    expect(event.metrics).toEqual({ ok: 1 });
    expect(event.message).toBe('NaN');
    expect(event.flags).toContain('not_a_number');
  });
});

describe('times', () => {
  const at = (fields: object) => accepted({ ...identity, event_type: 'RUN_END', ...fields });
  test('the first present of log_ts, updated_at, created_at, end_time on an END, start_time is when it happened', () => {
    const times = {
      start_time: '2025-11-03T01:00:00Z',
      end_time: '2025-11-03T02:00:00Z',
      created_at: '2025-11-03T03:00:00Z',
      updated_at: '2025-11-03T04:00:00Z',
      log_ts: '2025-11-03T05:00:00Z',
    };
    const order = ['log_ts', 'updated_at', 'created_at', 'end_time', 'start_time'] as const;
    const left: Record<string, string> = { ...times };
    for (const name of order) {
      expect(at(left).event_time).toBe(times[name].replace('Z', '.000Z'));
      delete left[name];
    }
    expect(at({}).event_time).toBe(RECEIVED);
    expect(at({}).flags).toContain('event_time_assumed');
  });
  test('on a START its end_time says nothing of when it happened', () => {
    expect(accepted({ ...identity, event_type: 'RUN_START', end_time: '2025-11-03T02:00:00Z' }).event_time).toBe(
      RECEIVED,
    );
  });
  test('microseconds are truncated, never rounded', () => {
    expect(at({ created_at: '2025-11-03T23:59:59.999999Z' })).toMatchObject({
      event_time: '2025-11-03T23:59:59.999Z',
      event_date: '2025-11-03',
    });
  });
  test('a time without zone is read in the configured one and flagged', () => {
    const event = accepted(
      { ...identity, event_type: 'RUN_END', created_at: '2025-07-01T12:00:00' },
      { zone: 'Europe/Berlin' },
    );
    expect(event.event_time).toBe('2025-07-01T10:00:00.000Z');
    expect(event.flags).toContain('zone_assumed:created_at');
  });
  test.each([
    '09:00:00',
    '1970-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
    '2025-02-30T00:00:00Z',
    'yesterday',
    0,
    -5,
    {},
  ])('%j is no time: unknown and flagged', (value) => {
    const event = at({ created_at: value });
    expect(event.created_at).toBeUndefined();
    expect(event.event_time).toBe(RECEIVED);
    expect(event.flags).toContain('time_unknown:created_at');
  });
  test('seconds, milliseconds and microseconds since 1970 are told apart', () => {
    for (const value of [1762171200, 1762171200000, 1762171200000000, '1762171200000']) {
      expect(at({ created_at: value }).event_time).toBe('2025-11-03T12:00:00.000Z');
    }
  });
});

describe('hostile lines', () => {
  test('prototype-polluting keys are kept as data and change nothing', () => {
    const event = accepted(
      '{"process_name":"p","run_id":"1","event_type":"RUN_END","__proto__":{"polluted":true},"constructor":{"prototype":{"x":1}},"tags":{"__proto__":"x","a":"b"}}',
    );
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(event.extra).toContain('polluted');
    expect(JSON.stringify(event.tags)).toBe('{"__proto__":"x","a":"b"}');
  });
  test('what nests too deep for every engine is cut off with a mark, the line is kept', () => {
    const deep = `${'['.repeat(20_000)}1${']'.repeat(20_000)}`;
    const event = accepted(
      `{"process_name":"p","run_id":"1","event_type":"RUN_END","deep":${deep},"params":{"x":${deep}}}`,
    );
    expect(event.flags).toContain('nested_too_deep');
    expect(event.extra).toContain('[nested too deep]');
    expect(event.original).toContain('[[[[');
  });
  test('lone surrogates and U+0000 become U+FFFD', () => {
    const event = accepted('{"process_name":"a\\u0000b","run_id":"\\ud800x","event_type":"RUN_END"}');
    expect(event).toMatchObject({ process_name: 'a\uFFFDb', run_id: '\uFFFDx' });
  });
  test('so do those of a stage, which names a step', () => {
    expect(accepted({ ...start, event_type: 'STEP_START', stage: 'a\u0000' }).step_name).toBe('a\uFFFD');
  });
  test('control characters and SQL in names are names', () => {
    const name = "x'; drop table pipeline_logs; --\n\t\u001b[31m";
    expect(accepted({ ...start, process_name: name }).process_name).toBe(name);
  });
  test('bytes that are not UTF-8 are kept as they can be read, and flagged', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"process_name":"p","run_id":"1","event_type":"RUN_END","message":"'),
      Buffer.from([0xe9, 0xff]),
      Buffer.from('"}'),
    ]);
    const result = acceptLine(bytes.toString('utf8'), bytes, RECEIVED, settings, true);
    if ('rejection' in result) throw new Error('rejected');
    expect(result.event.flags).toContain('not_utf8');
    expect(result.event.message).toBe('\uFFFD\uFFFD');
  });
  test('of duplicate keys the last counts', () => {
    expect(accepted('{"process_name":"a","process_name":"b","run_id":"1","event_type":"RUN_END"}').process_name).toBe(
      'b',
    );
  });
  test('a line of 900 KB lands cut and is kept whole aside', () => {
    const line = JSON.stringify({
      ...start,
      message: 'm'.repeat(400_000),
      error: { stack_trace: 's'.repeat(500_000) },
    });
    const result = outcome(line);
    if ('rejection' in result) throw new Error('rejected');
    expect(Buffer.byteLength(result.line)).toBeLessThanOrEqual(256 * 1024);
    expect(result.whole).toBe(line);
    expect(JSON.parse(result.line).flags).toContain('cut');
    expect(eventSchema.safeParse(JSON.parse(result.line)).success).toBe(true);
  });
  test('a line of exactly 256 KB lands uncut; one byte more is cut, in characters of any width', () => {
    const MAX_BYTES = 256 * 1024;
    for (const character of ['m', '\u20AC']) {
      const empty = outcome({ ...start, message: '' });
      if ('rejection' in empty) throw new Error('rejected');
      const room = MAX_BYTES - Buffer.byteLength(empty.line);
      const width = Buffer.byteLength(character);
      const fill = (bytes: number) => character.repeat(Math.floor(bytes / width)) + 'm'.repeat(bytes % width);
      const full = outcome({ ...start, message: fill(room) });
      const over = outcome({ ...start, message: fill(room + 1) });
      if ('rejection' in full || 'rejection' in over) throw new Error('rejected');
      expect(Buffer.byteLength(full.line)).toBe(MAX_BYTES);
      expect([full.whole, full.event.flags]).toEqual([undefined, undefined]);
      expect(over.event.flags).toEqual(['cut']);
      expect(over.whole).toContain(fill(room + 1));
    }
  });
  test('a line of many small values lands too', () => {
    const params = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`param_${at}`, `value ${at}`]));
    const result = outcome({ ...start, params });
    if ('rejection' in result) throw new Error('rejected');
    expect(Buffer.byteLength(result.line)).toBeLessThanOrEqual(256 * 1024);
    expect(result.whole).toContain('param_19999');
  });
  test('names longer than any key may be keep their head and a hash of the whole', () => {
    const long = (end: string) => accepted({ ...start, run_id: 'r'.repeat(5000) + end }).run_id;
    expect(long('a').length).toBeLessThanOrEqual(256);
    expect(long('a')).not.toBe(long('b'));
  });
});

describe('stamps', () => {
  test('environment: its own, else tags.env, else the configured one', () => {
    expect(accepted({ ...start, environment: 'a', tags: { env: 'b' } }).environment).toBe('a');
    expect(accepted({ ...start, tags: { env: 'b' } }).environment).toBe('b');
    expect(accepted(start).environment).toBe('local');
  });
  test('one id with two contents is two events; one content twice is one', () => {
    const key = (line: object) => accepted({ ...line, event_id: 'same' }).event_key;
    expect(key(start)).toBe(key(start));
    expect(key(start)).not.toBe(key({ ...start, owner: 'x' }));
  });
  test('a producer cannot stamp for the ledger', () => {
    const event = accepted({
      ...start,
      event_key: 'f'.repeat(32),
      event_date: '1999-01-01',
      received_at: 'x',
      lease_ms: 5,
      flags: ['x'],
    });
    expect(event.event_key).not.toBe('f'.repeat(32));
    expect(event).toMatchObject({ event_date: '2025-11-03', received_at: RECEIVED });
    expect(event.lease_ms).toBeUndefined();
  });
  test('the run attempt of an event without step is its attempt', () => {
    expect(accepted({ ...start, attempt: 3 }).run_attempt).toBe(3);
    expect(accepted({ ...start, event_type: 'STEP_START', step_name: 's', attempt: 3 }).run_attempt).toBe(1);
  });
  test('the lease: three heartbeats, else none', () => {
    expect(accepted({ ...start, heartbeat_interval_ms: 60_000, sla: { expected_max_duration_ms: 5 } }).lease_ms).toBe(
      180_000,
    );
    expect(accepted({ ...start, heartbeat_interval_ms: 9e15 }).lease_ms).toBe(24 * 86_400_000);
    expect(accepted({ ...start, sla: { expected_max_duration_ms: 600_000 } }).lease_ms).toBeUndefined();
  });
  test('an e-mail address in user becomes a stable short hash', () => {
    const user = (address: string) => accepted({ ...start, user: address }).user;
    expect(user('bob@example.com')).toMatch(/^user-[0-9a-f]{12}$/);
    expect(user('bob@example.com')).toBe(user('Bob@Example.com'));
    expect(accepted({ ...start, user: 'bob@example.com' }, { keepUserEmail: true }).user).toBe('bob@example.com');
    // Without the salt of the ledger nobody can try out whose hash it is.
    expect(user('bob@example.com')).not.toBe(
      accepted({ ...start, user: 'bob@example.com' }, { userSalt: 'another ledger' }).user,
    );
    expect(user('svc_data_engineer')).toBe('svc_data_engineer');
  });
});

describe('a rejection', () => {
  test('says what the line looks like, masked', () => {
    const { reason, looks_like } = rejected({ run: { runId: 'r' }, job: { name: 'of jane@example.com' } });
    expect(reason).toEqual({ kind: 'missing_identity', missing: ['process_name', 'run_id'] });
    expect(looks_like).toMatch(/^this looks like an OpenLineage event \(job\.name "of \[email\]", run\.runId "r"\)/);
    expect(rejected('{"a":1}')).not.toHaveProperty('looks_like');
  });

  test.each([
    ['text', 'x'],
    ['quotes', '"'],
    ['NUL', '\0'],
    ['control characters', '\u0001'],
    ['emoji', '\u{1f600}'],
  ])('of a long line of %s is short enough for every reader, and the whole masked line is beside it', (_, unit) => {
    const result = outcome(`password=hunter2secret ${unit.repeat(1_000_000)}`);
    if (!('rejection' in result)) throw new Error('accepted');
    const { payload } = result.rejection;
    expect(Buffer.byteLength(JSON.stringify(payload))).toBeLessThan(256 * 1024);
    expect(payload.isWellFormed() && payload.endsWith('…[cut]')).toBe(true);
    expect(result.whole?.startsWith(payload.slice(0, -'…[cut]'.length - 2))).toBe(true);
    expect(result.whole?.length).toBeGreaterThan(1_000_000);
    expect(result.whole).not.toContain('hunter2secret');
  });

  test('of a line that is not long is whole', () => {
    const line = `broken ${'x'.repeat(200_000)}`;
    const result = outcome(line);
    expect(result).not.toHaveProperty('whole');
    expect(rejected(line).payload).toBe(line);
  });
});

describe('a rejected line that is resent', () => {
  const KEY = '3f9a1c00000000000000000000000001';

  test('keeps the key of its rejection when it is rejected again, and is kept as it was', () => {
    const again = rejected(resentLine({ rejection_key: KEY, line: 'hello \ufffd world' }));
    expect(again).toMatchObject({ rejection_key: KEY, payload: 'hello \ufffd world', reason: { kind: 'not_json' } });
  });

  test('is the event that its line is when it is accepted, and names the rejection it was', () => {
    const line = JSON.stringify(start);
    const result = outcome(resentLine({ rejection_key: KEY, line }));
    const plain = outcome(line);
    expect(result).toEqual({ ...plain, resent: KEY });
  });

  test('is opened once', () => {
    const inner = resentLine({ rejection_key: KEY, line: JSON.stringify(start) });
    expect(rejected(resentLine({ rejection_key: KEY, line: inner })).reason.kind).toBe('missing_identity');
  });
});

describe('nothing unmasked is written', () => {
  const secret = 'hunter2Secret';
  const everywhere = (value: Rejection | Event): string => JSON.stringify(value);

  test('in the reason of a rejection, nor what is not well formed', () => {
    const status = `api_key=${secret} jane@example.com load\ud83d`;
    const rejection = rejected({ ...identity, status, event_type: `token=${secret}` });
    expect(everywhere(rejection)).not.toMatch(/hunter2|jane/);
    expect(rejectedLine(rejection)).toContain(
      'got event_type \\"token=[secret]\\" and status \\"api_key=[secret] [email] load\ufffd\\"',
    );
  });

  test.each([
    ['params', { password: 98765432123 }],
    ['params', { password: [secret] }],
    ['params', { password: { value: secret } }],
    ['params', { name: 'DB_PASSWORD', value: secret }],
    ['tags', { tokens: [secret], api_key: 12345678 }],
    ['surprise', [{ value: secret, name: 'DB_PASSWORD' }, { secrets: [secret, 98765432123] }]],
    ['password', [secret]],
    ['metrics', { api_token: secret }],
  ])('under a secret name in %s, whatever its type: %j', (field, value) => {
    expect(everywhere(accepted({ ...start, [field]: value }))).not.toMatch(/hunter2|98765432123|12345678/);
  });

  test('but what is measured is no secret', () => {
    const metrics = { total_tokens: 512, tokens: 7, secrets: 5, token: 123456 };
    expect(accepted({ ...start, metrics }).metrics).toEqual(metrics);
  });
});
