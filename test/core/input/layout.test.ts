import { describe, expect, test } from 'vitest';
import { layoutOf } from '../../../core/input/layout.ts';

const kindOf = (text: string, isWhole = true): string => layoutOf(Buffer.from(text), isWhole).kind;

describe('lines', () => {
  test.each([
    ['NDJSON', '{"a":1}\n{"b":2}\n'],
    ['one event', '{"a":1}'],
    ['NaN, as Python writes it', '{"a":NaN}\n{"a":1}'],
    ['a first line that is torn', '{"a":\n{"b":1}\nhello'],
    ['a comma behind each line', '{"a":1},\n{"b":2},\n'],
    ['a word behind the object', '{"a":1} done\n{"b":2}\n'],
    ['a dict of Python', "{'a': 1}\n"],
    ['text before the JSON', 'INFO {"a":1}\n'],
    ['a log with dates in brackets', '[2025-11-03 12:00:00] INFO {"a":1}\n'],
    ['a log with numbers in brackets', '[12] started\n[12] ended {\n'],
    ['nothing', ''],
    ['blank lines', '\n \n'],
    ['a block of NUL that a crash left', `${'\0'.repeat(4096)}{"a":1}\n`],
  ])('%s', (_, text) => {
    expect(kindOf(text)).toBe('lines');
  });
});

describe('values', () => {
  test.each([
    ['an array', '[{"a":1},{"b":2}]'],
    ['an array with a byte order mark', '\ufeff[\n {"a":1}\n]'],
    ['an array with one element a line', '[\n{"a":1},\n{"b":2}\n]'],
    ['an array with NaN', '[{"a":NaN}]'],
    ['an empty array', ' [ ] '],
    ['an array of no objects', '[1, "a"]'],
    ['an object over several lines', '{\n  "a": 1\n}\n'],
    ['several of them', '{\n  "a": 1\n}\n{\n  "b": 2\n}\n'],
    ['objects without anything between them', '{"a":1}{"b":2}'],
    ['objects with a blank between them', '{"a":1} {"b":2}\n'],
  ])('%s', (_, text) => {
    expect(kindOf(text)).toBe('values');
  });

  test('the beginning of an array is enough', () => {
    expect(kindOf('[{"a":1},{"b":', false)).toBe('values');
    expect(kindOf('[1, 2', false)).toBe('lines');
  });
});

describe('CSV', () => {
  test('that names pipeline and run is read', () => {
    expect(layoutOf(Buffer.from('pipeline_name;run_id;status\nload;1;SUCCESS\n'), true)).toEqual({
      kind: 'csv',
      csv: { delimiter: ';', names: ['pipeline_name', 'run_id', 'status'] },
    });
  });

  test('that names neither is said to be so', () => {
    expect(layoutOf(Buffer.from('id,name\n1,ada\n'), true)).toEqual({
      kind: 'none',
      is: 'CSV without the columns process_name (or pipeline_name) and run_id',
      todo: 'name these columns, or send NDJSON: one JSON object per line',
    });
  });
});

test.each([
  ['a log', '2025-11-03 12:00:00 INFO started\n', 'text without a JSON object'],
  ['bytes', String.fromCharCode(...Array.from({ length: 200 }, (_, at) => at % 32)), 'no text'],
])('%s holds no events', (_, text, is) => {
  expect(layoutOf(Buffer.from(text), true)).toEqual({
    kind: 'none',
    is,
    todo: 'send NDJSON: one JSON object per line',
  });
});
