import { expect, test } from 'vitest';
import { CANONICAL_LINE, isStamped } from '../../../core/schema/canonical-line.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const line = `{"event_key":"${KEY}","event_date":"2025-11-03","event_time":"2025-11-03T12:00:00.000Z"}`;

const partOf = (text: string, { start, length }: { readonly start: number; readonly length: number }): string =>
  text.slice(start - 1, start - 1 + length);

test('the key and the date are read from their places', () => {
  expect(partOf(line, CANONICAL_LINE.event_key)).toBe(KEY);
  expect(partOf(line, CANONICAL_LINE.event_date)).toBe('2025-11-03');
});

test('the pattern says the same in the words of SQL', () => {
  const asRegExp = CANONICAL_LINE.pattern.replace(/[{}]/g, '\\$&').replaceAll('_', '.').replace('%', '.*');
  expect(line).toMatch(new RegExp(`^${asRegExp}$`));
});

test('a line is stamped when all three stamps stand at their places', () => {
  expect(isStamped(line)).toBe(true);
  expect(isStamped(` ${line}`)).toBe(false);
  expect(isStamped(line.replace(KEY, KEY.slice(1)))).toBe(false);
  expect(isStamped(line.replace('2025-11-03', '20251103'))).toBe(false);
  expect(isStamped(line.replace('"event_date"', '"event_day"'))).toBe(false);
  expect(isStamped(line.replace('"event_time"', '"end_time"'))).toBe(false);
  expect(isStamped(`{"event_key":"${KEY}"}`)).toBe(false);
});
