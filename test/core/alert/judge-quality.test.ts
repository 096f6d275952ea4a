import { describe, expect, test } from 'vitest';
import { judgeSlot } from '../../../core/alert/judge-slot.ts';
import type { Event } from '../../../core/schema/event.ts';
import { aToldRun, expecting } from './a-told-run.ts';

const START = '2025-11-03T02:00:00.000Z';
const NOW = '2025-11-03T09:00:00.000Z';
type Row = NonNullable<Event['quality']>[number];

const saying = (time: string, ...quality: readonly Partial<Row>[]): Partial<Event> => ({
  event_type: 'QUALITY',
  event_id: time,
  event_time: `2025-11-03T02:${time}:00.000Z`,
  quality: quality as Event['quality'],
});
const found = (settings: string, events: readonly Partial<Event>[], minutes: number | undefined = 30) =>
  judgeSlot(expecting(settings), undefined, [aToldRun('a', START, minutes, {}, ...events)], { now: NOW });
const texts = (...args: Parameters<typeof found>) =>
  found(...args).conditions.map(({ reason, severity, text }) => `${reason} ${severity} ${text}`);

const BAD: Partial<Row> = { dataset: 'silver_orders', check_name: 'not_null', success: false };
const LAYERS = 'quality: { bronze_*: 0.9, silver_*: 0.95, "*": 0.5 }';

describe('a failed check', () => {
  test('is told, though the run ends well, and until a later run is good', () => {
    const verdict = found('', [saying('10', { ...BAD, severity: 'error', expected: '0', actual: '12' })]);
    expect(verdict).toMatchObject({ isGood: false });
    expect(verdict.conditions).toEqual([
      {
        reason: 'QUALITY',
        severity: 'P2',
        occurred_at: '2025-11-03T02:10:00.000Z',
        text: 'failed the check not_null of silver_orders: expected 0, got 12',
        run_id: 'a',
      },
    ]);
  });

  test('that says no severity counts; one that warns does not', () => {
    expect(texts('', [saying('10', BAD)])).toEqual(['QUALITY P2 failed the check not_null of silver_orders']);
    expect(texts('', [saying('10', { ...BAD, severity: 'WARN' })])).toEqual([]);
    expect(texts('', [saying('10', { ...BAD, success: undefined })])).toEqual([]);
  });

  test('that passes when it is made again is none', () => {
    expect(texts('', [saying('10', BAD), saying('12', { ...BAD, success: true })])).toEqual([]);
    expect(texts('', [saying('12', { ...BAD, success: true }), saying('10', BAD)])).toEqual([]);
  });

  test('of an attempt that failed is none of the next one', () => {
    const again = { event_type: 'RUN_START', run_attempt: 2, event_time: '2025-11-03T03:00:00.000Z' } as const;
    const end = {
      event_type: 'RUN_END',
      status: 'SUCCESS',
      run_attempt: 2,
      event_time: '2025-11-03T03:10:00.000Z',
    } as const;
    expect(texts('', [saying('10', BAD), { ...again, event_id: 's' }, { ...end, event_id: 'e' }])).toEqual([]);
  });

  test('among others is told with how many there are', () => {
    const rows = ['a', 'b', 'c'].map((check_name) => ({ ...BAD, check_name }));
    expect(texts('', [saying('10', ...rows)])).toEqual([
      'QUALITY P2 failed the check a of silver_orders, and 2 more of its checks',
    ]);
  });

  test('of a run that is under way is told at once', () => {
    const told = aToldRun('a', START, undefined, {}, saying('10', BAD));
    expect(judgeSlot(expecting(''), undefined, [told], { now: '2025-11-03T02:11:00.000Z' }).conditions).toHaveLength(1);
  });
});

describe('a rate', () => {
  const rate = (dataset: string, records_failed: number): Partial<Row> => ({
    dataset,
    check_name: 'valid',
    success: true,
    records_checked: 1000,
    records_failed,
  });

  test('below what the most specific pattern asks of its dataset is told', () => {
    expect(texts(LAYERS, [saying('10', rate('silver_orders', 60))])).toEqual([
      'QUALITY P2 passed valid of silver_orders with 94 %, at least 95 % was expected',
    ]);
    expect(texts(LAYERS, [saying('10', rate('silver_orders', 50))])).toEqual([]);
    expect(texts(LAYERS, [saying('10', rate('bronze_orders', 60))])).toEqual([]);
    expect(texts(LAYERS, [saying('10', rate('other', 501))])).toHaveLength(1);
    expect(texts('', [saying('10', rate('silver_orders', 999))])).toEqual([]);
  });

  test.each(['93.5', '0.935'])('that a check found as %s is one, in percent or as a share', (actual) => {
    const row = { dataset: 'silver_orders', check_name: 'validation_rate', actual };
    expect(texts(LAYERS, [saying('10', row)])).toEqual([
      'QUALITY P2 passed validation_rate of silver_orders with 93.5 %, at least 95 % was expected',
    ]);
  });

  test('of a pipeline of low severity is worth knowing only', () => {
    expect(texts(`severity: low, ${LAYERS}`, [saying('10', rate('silver_x', 900))])[0]).toMatch(/^QUALITY P3/);
  });
});
