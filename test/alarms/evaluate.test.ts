import { describe, expect, test } from 'vitest';
import { type AlarmRule, type AlarmState, evaluate, type Measurement, type Point, stateOf } from './evaluate.ts';

const MISSING = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const states = (periods: number, datapoints: number, points: string, before: AlarmState) =>
  MISSING.map((missing) =>
    stateOf(
      { evaluationPeriods: periods, datapointsToAlarm: datapoints, missing },
      points.split(' ') as Point[],
      before,
    ),
  );

describe('missing data, as in the tables of the user guide', () => {
  test.each([
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', 'as before', 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - - - X', 'INSUFFICIENT_DATA', 'as before', 'ALARM', 'OK'],
    ['X - - - -', 'ALARM', 'as before', 'ALARM', 'OK'],
  ])('three of three: %s', (points, ...expected) => {
    for (const before of ['OK', 'ALARM'] as const)
      expect(states(3, 3, points, before)).toEqual(expected.map((each) => (each === 'as before' ? before : each)));
  });

  test.each([
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - X', 'INSUFFICIENT_DATA', 'as before', 'ALARM', 'OK'],
  ])('two of three: %s', (points, ...expected) => {
    for (const before of ['OK', 'ALARM'] as const)
      expect(states(3, 2, points, before)).toEqual(expected.map((each) => (each === 'as before' ? before : each)));
  });
});

describe('windows', () => {
  const metric = { namespace: 'N', name: 'm', dimensions: { service: 's' }, statistic: 'Sum' } as const;
  const rule: AlarmRule = {
    metrics: [metric],
    isSum: false,
    periodMs: 60_000,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    comparison: 'GreaterThanThreshold',
    threshold: 5,
    missing: 'notBreaching',
  };
  const at = (atMs: number, value: number, of: Partial<Measurement> = {}): Measurement => ({
    ...{ namespace: 'N', name: 'm', dimensions: { service: 's' } },
    ...{ atMs, value },
    ...of,
  });
  const state = (measured: readonly Measurement[], of: Partial<AlarmRule> = {}) =>
    evaluate({ ...rule, ...of }, measured, 120_000, 'OK');

  test('are summed, or their greatest value counts', () => {
    const measured = [at(1, 3), at(60_000, 3), at(60_001, 3), at(120_000, 3)];
    expect(state(measured)).toBe('ALARM');
    expect(state(measured, { metrics: [{ ...metric, statistic: 'Maximum' }] })).toBe('OK');
  });

  test('have to breach as often as the alarm says', () => {
    expect(state([at(60_001, 9)])).toBe('OK');
    expect(state([at(60_001, 9)], { datapointsToAlarm: 1 })).toBe('ALARM');
  });

  test('are compared as the alarm says', () => {
    const measured = [at(1, 5), at(120_000, 5)];
    expect(state(measured)).toBe('OK');
    expect(state(measured, { threshold: 4 })).toBe('ALARM');
    expect(state(measured, { comparison: 'LessThanThreshold' })).toBe('OK');
    expect(state(measured, { comparison: 'LessThanThreshold', threshold: 6 })).toBe('ALARM');
  });

  test('hold no measurement of another metric, nor one that is to come', () => {
    const others = [{ name: 'n' }, { namespace: 'M' }, { dimensions: {} }, { dimensions: { service: 't' } }];
    for (const other of others) expect(state([at(1, 9, other), at(61_000, 9, other)])).toBe('OK');
    expect(state([at(60_001, 9), at(120_001, 9)])).toBe('OK');
  });

  test('of several metrics are added up, where one without a measurement is zero', () => {
    const metrics = [metric, { ...metric, name: 'n' }];
    const measured = [at(1, 3), at(1, 3, { name: 'n' }), at(61_000, 6, { name: 'n' })];
    expect(state(measured, { metrics, isSum: true })).toBe('ALARM');
    expect(state([at(1, 3), at(61_000, 6)], { metrics, isSum: true })).toBe('OK');
  });
});
