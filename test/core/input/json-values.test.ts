import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonValues } from '../../../core/input/json-values.ts';

/** What comes out when the text goes in by pieces of that many bytes. */
function readBy(pieceBytes: number, text: string): { lines: string[]; isComplete: boolean } {
  const values = jsonValues();
  const bytes = Buffer.from(text);
  const read: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) read.push(values.push(bytes.subarray(at, at + pieceBytes)));
  const lines = Buffer.concat(read).toString().split('\n');
  return { lines: lines.filter((line) => line !== ''), isComplete: values.isComplete() };
}

const anObject = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
const aSeparator = fc.constantFrom('', ' ', '\n', '\r\n\r\n');
const aLayout = fc.constantFrom('', ' ', '\t');

test('objects one after the other, laid out in any way and in pieces of any size, are one line each', () => {
  fc.assert(
    fc.property(
      fc.array(anObject),
      aSeparator,
      aLayout,
      fc.integer({ min: 1, max: 40 }),
      (objects, separator, layout, size) => {
        const text = objects.map((each) => JSON.stringify(each, null, layout)).join(separator);
        const { lines, isComplete } = readBy(size, text);
        expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(objects)));
        expect(isComplete).toBe(true);
      },
    ),
  );
});

test('arrays of any values are opened, once', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), aLayout, fc.integer({ min: 1, max: 40 }), (elements, layout, size) => {
      const { lines } = readBy(size, JSON.stringify(elements, null, layout));
      expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(elements)));
    }),
  );
});

test.each([
  ['{"a":1}{"b":{"c":[2]}}', ['{"a":1}', '{"b":{"c":[2]}}']],
  ['[{"a":NaN},\n{"b":12345678901234567890}]', ['{"a":NaN}', '{"b":12345678901234567890}']],
  ['[{"a":1},]', ['{"a":1}']],
  ['[1,"a, b]",null]', ['1', '"a, b]"', 'null']],
  ['{"a":1}\nwhat is this\n{"b":2}', ['{"a":1}', 'what is this', '{"b":2}']],
  ['{"a":1},\n{"b":2}', ['{"a":1}', ',', '{"b":2}']],
  ['[{"a":1}]\n[{"b":2}]', ['{"a":1}', '{"b":2}']],
  ['{"a":"\\\\"}{"b":"}\\""}', ['{"a":"\\\\"}', '{"b":"}\\""}']],
])('%s', (text, lines) => {
  expect(readBy(3, text)).toEqual({ lines, isComplete: true });
});

test.each(['[{"a":1}', '{"a":', '[{"a":1},{"b', '{"a":"'])('%s breaks off', (text) => {
  expect(readBy(100, text).isComplete).toBe(false);
});
