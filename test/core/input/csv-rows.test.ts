import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvHeader, csvRows, eventOfRow } from '../../../core/input/csv-rows.ts';

const rowsBy = (size: number, text: string): (readonly string[])[] => {
  const rows = csvRows(',');
  const read: (readonly string[])[] = [];
  for (let at = 0; at < text.length; at += size) read.push(...rows.push(text.slice(at, at + size)));
  return [...read, ...rows.end()];
};

test('rows of any cells come back, however they come in pieces', () => {
  const aCell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ') });
  fc.assert(
    fc.property(fc.array(fc.array(aCell, { minLength: 2 })), fc.integer({ min: 1, max: 9 }), (rows, size) => {
      const text = rows.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`).join('');
      expect(rowsBy(size, text)).toEqual(rows);
    }),
  );
});

test('bare cells, blank lines, and a last row without an end', () => {
  expect(rowsBy(4, 'a,b c\n\r\n,\n1,"x"')).toEqual([
    ['a', 'b c'],
    ['', ''],
    ['1', 'x'],
  ]);
});

test('a quote that is not closed does not take everything', () => {
  expect(() => rowsBy(1_000_000, `a,"${'x'.repeat(5_000_000)}`)).toThrow('a quote is opened and not closed');
});

test.each([
  ['a,b', { delimiter: ',', names: ['a', 'b'] }],
  ['"run id"\tstatus', { delimiter: '\t', names: ['run id', 'status'] }],
  ['2025-11-03,INFO', undefined],
  ['one', undefined],
  ['a,a', undefined],
])('the header %s', (line, csv) => {
  expect(csvHeader(line)).toEqual(csv);
});

test('a row is an event; an empty cell is unknown, and a cell too many is kept', () => {
  const csv = { delimiter: ',', names: ['run_id', 'status'] };
  expect(eventOfRow(csv, ['1', ''])).toBe('{"run_id":"1"}');
  expect(eventOfRow(csv, ['1', 'SUCCESS', 'x'])).toBe('{"run_id":"1","status":"SUCCESS","column_3":"x"}');
});
