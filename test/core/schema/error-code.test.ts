import { describe, expect, test } from 'vitest';
import { ERROR_CLASSES, isFailureCode, meaningOf } from '../../../core/schema/error-code.ts';

describe('an error code', () => {
  test.each([
    ['I000', 'informational', null],
    ['S000', 'success', null],
    ['S099', 'success', null],
    ['T100', 'transient', true],
    ['T199', 'transient', true],
    ['D200', 'data', false],
    ['D299', 'data', false],
    ['C300', 'configuration', false],
    ['R400', 'resource', true],
    ['S500', 'system_io', true],
    ['S599', 'system_io', true],
    ['U900', 'unknown', null],
  ])('%s is of the class %s: retryable %s', (code, errorClass, retryable) => {
    expect(meaningOf(code)).toMatchObject({ code, class: errorClass, retryable });
  });

  test.each(['E3001', 'S100', 'S499', 'S600', 'T200', 'T099', 'D2011', 'xD201', 'd201', 'T10', ''])(
    '%j is outside the taxonomy: kept as sent, unknown',
    (code) => {
      expect(meaningOf(code)).toMatchObject({ code, name: null, class: 'unknown', retryable: null });
      expect(meaningOf(code).advice).toContain('Not classified');
    },
  );

  test('with a name of its own tells it, and its own advice where there is better than its class’s', () => {
    expect(meaningOf('D201')).toMatchObject({ name: 'SchemaMismatch', advice: expect.stringContaining('schema') });
    expect(meaningOf('T101').name).toBe('NetworkTimeout');
    expect(meaningOf('T101').advice).toBe(meaningOf('T150').advice);
    expect(meaningOf('D250')).toMatchObject({ name: null, advice: expect.stringContaining('data is wrong') });
    expect(meaningOf('R401').advice).toContain('memory');
    expect(meaningOf('R401').advice).not.toBe(meaningOf('R402').advice);
  });

  test('says that something failed, unless it is of success or information', () => {
    expect(['S000', 'S042', 'I100'].filter(isFailureCode)).toEqual([]);
    const failures = ['T101', 'D201', 'C301', 'R401', 'S500', 'U900', 'E3001'];
    expect(failures.filter(isFailureCode)).toEqual(failures);
  });
});

test('no two classes claim one code, and each says what to do', () => {
  for (const [place, one] of ERROR_CLASSES.entries()) {
    expect(one.advice.length).toBeGreaterThan(10);
    for (const other of ERROR_CLASSES.slice(place + 1)) {
      expect(one.prefix === other.prefix && one.from <= other.to && other.from <= one.to).toBe(false);
    }
  }
});
