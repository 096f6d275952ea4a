import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLines } from '../../core/csv.ts';

const csv = (names: readonly string[], ...rows: readonly (readonly unknown[])[]) =>
  [...csvLines({ columns: names.map((name) => ({ name, type: 'varchar' })), rows })].join('');

describe('an answer as CSV', () => {
  test('is a header and a line for each row, each ended', () => {
    expect(csv(['name', 'runs'], ['daily', 3], ['hourly', 72])).toBe('name,runs\r\ndaily,3\r\nhourly,72\r\n');
    expect(csv(['name'])).toBe('name\r\n');
  });

  test('tells unknown from empty text', () => {
    expect(csv(['a', 'b', 'c'], [null, '', undefined])).toBe('a,b,c\r\n,"",\r\n');
  });

  test('writes 0 and false as they are, and structures as JSON', () => {
    expect(csv(['a', 'b', 'c'], [0, false, { x: [1] }])).toBe('a,b,c\r\n0,false,"{""x"":[1]}"\r\n');
  });

  test.each([
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
    ['a\r\nb', '"a\r\nb"'],
    [' a', '" a"'],
    ['a\t', '"a\t"'],
    ['a b', 'a b'],
  ])('%j is written %j', (text, field) => {
    expect(csv(['a'], [text])).toBe(`a\r\n${field}\r\n`);
    expect(csv([text], ['a'])).toBe(`${field}\r\na\r\n`);
  });

  test.each(['=cmd|calc', '@SUM(A1)', '+49 30 1', '-1+1', '--', '\t=1', '＝1+1'])(
    'lets no spreadsheet run %j',
    (text) => {
      expect(parsed(csv(['a'], [text]))).toEqual([['a'], [`'${text}`]]);
      expect(parsed(csv([text]))).toEqual([[`'${text}`]]);
    },
  );

  test.each(['-5', '+1.50', '-9007199254740993', '-1e-7', -5, -0.5])('leaves the number %j as it is', (number) => {
    expect(csv(['n'], [number])).toBe(`n\r\n${number}\r\n`);
  });

  test('shows controls and marks of direction instead of sending them', () => {
    expect(csv(['\u001b[2J'], ['a\u202eb'], ['\r=1'], [{ x: '\u009b' }])).toBe(
      '\\u001b[2J\r\na\\u202eb\r\n\'\\u000d=1\r\n"{""x"":""\\u009b""}"\r\n',
    );
  });

  test('gives every text back to who reads it by RFC 4180', () => {
    const text = fc
      .string({ unit: fc.constantFrom('a', '"', ',', '\r\n', '\n', ' ', '-') })
      .filter((given) => !/^[-\r]/.test(given));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 5 }), (rows) => {
        expect(parsed(csv(['a', 'b'], ...rows))).toEqual([['a', 'b'], ...rows]);
      }),
    );
  });
});

/** Fields as the RFC says: quoted with doubled quotes, or without quotes, commas and line ends. */
function parsed(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
