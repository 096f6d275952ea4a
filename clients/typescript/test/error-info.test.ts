import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { errorInfoOf } from '../src/error-info.ts';

const withCode = (code: string): Error => Object.assign(new Error('x'), { code });
const named = (name: string, message = 'x'): Error => Object.assign(new Error(message), { name });

describe('an error that carries no code', () => {
  test.each<[string, unknown, string, boolean | undefined]>([
    ['a connection that was reset', withCode('ECONNRESET'), 'T101', true],
    ['a timeout of a signal', named('TimeoutError'), 'T101', true],
    ['a fetch that failed', new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') }), 'T101', true],
    [
      'several errors, of which the first is known',
      new AggregateError([withCode('ETIMEDOUT')], 'all failed'),
      'T101',
      true,
    ],
    ['a storage that asks to slow down', named('SlowDown'), 'T102', true],
    ['text that is not JSON', caught(() => JSON.parse('{')), 'D201', false],
    ['an address that is none', caught(() => new URL('x')), 'C301', false],
    ['a heap that is too small', new RangeError('Array buffer allocation failed'), 'R401', true],
    ['a recursion without end', new RangeError('Maximum call stack size exceeded'), 'U900', undefined],
    ['a full disk', withCode('ENOSPC'), 'R400', true],
    ['a file that may not be read', withCode('EACCES'), 'S500', false],
    ['anything else', new Error('x'), 'U900', undefined],
    ['a text', 'it broke', 'U900', undefined],
  ])('is classed: %s', (_, error, error_code, retryable) => {
    expect(errorInfoOf(error)).toMatchObject({ error_code, retryable });
  });

  test('is classed: a file that is missing, as Node.js reports it', async () => {
    const error = await readFile('/no/such/file').catch((caught: unknown) => caught);

    expect(errorInfoOf(error)).toMatchObject({
      error_code: 'S500',
      retryable: true,
      message: expect.stringContaining('ENOENT'),
    });
  });
});

describe('an error that carries a code', () => {
  test('keeps it, and the class of the code says whether trying again can help', () => {
    const codes = ['T150', 'D202', 'C301', 'R499', 'S501', 'S000', 'E3001'];

    const retryable = codes.map(
      (error_code) => errorInfoOf(Object.assign(withCode('EPIPE'), { error_code })).retryable,
    );

    expect(retryable).toEqual([true, false, false, true, true, undefined, undefined]);
  });

  test('keeps what it says of trying again', () => {
    const error = Object.assign(new Error('x'), { error_code: 'T101', retryable: false });

    expect(errorInfoOf(error)).toMatchObject({ error_code: 'T101', retryable: false });
  });

  test('keeps it when it comes wrapped in another', () => {
    const inner = Object.assign(new Error('column id'), { error_code: 'D202' });

    expect(errorInfoOf(new Error('load failed', { cause: inner }))).toMatchObject({
      error_code: 'D202',
      retryable: false,
      message: 'load failed',
      root_cause: 'Error: column id',
    });
  });

  test('gives way to what the caller says', () => {
    const error = Object.assign(new Error('x'), { error_code: 'T101', retryable: true });

    expect(errorInfoOf(error, { error_code: 'D201', retryable: false, message: 'y' })).toMatchObject({
      error_code: 'D201',
      retryable: false,
      message: 'y',
    });
  });
});

test('the stack comes with an error, cut if it is long; a circle of causes ends', () => {
  const error = new Error('x'.repeat(50_000));
  error.cause = new Error('inner', { cause: error });

  const info = errorInfoOf(error);

  expect(info.stack_trace).toMatch(/^Error: x+…\[cut\]$/);
  expect(info.root_cause).toBe('Error: inner');
});

function caught(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

/** As drivers and clients throw them. */
const thrown = (fields: object): Error => Object.assign(new Error('it broke'), fields);

describe('errors of other packages', () => {
  test.each<[string, object, string, boolean]>([
    ['pg: a column that is not there', { code: '42703' }, 'D202', false],
    ['pg: a value that does not fit', { code: '22P02' }, 'D201', false],
    ['pg: a deadlock', { code: '40P01' }, 'T102', true],
    ['pg: the server is going down', { code: '57P01' }, 'T102', true],
    ['pg: a wrong password', { code: '28P01' }, 'S500', false],
    ['mysql2: a lock that was waited for', { code: 'ER_LOCK_WAIT_TIMEOUT', sqlState: 'HY000' }, 'T102', true],
    ['mysql2: a code of SQL', { code: 'ER_SOMETHING', sqlState: '42S22' }, 'C301', false],
    ['the AWS SDK: rights', { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }, 'S500', false],
    ['the AWS SDK: a status alone', { name: 'Odd', $metadata: { httpStatusCode: 503 } }, 'T102', true],
    ['axios: a status', { name: 'AxiosError', code: 'ERR_BAD_RESPONSE', response: { status: 502 } }, 'T102', true],
    ['a client of HTTP: not found', { status: 404 }, 'C301', false],
    ['a module that is not installed', { code: 'ERR_MODULE_NOT_FOUND' }, 'C301', false],
  ])('%s', (_, fields, error_code, retryable) => {
    expect(errorInfoOf(thrown(fields))).toMatchObject({ error_code, retryable });
  });
});
