import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../../../adapters/http/event-lines.ts';

const linesIn = (body: string): string[] =>
  Buffer.from(linesOf(Buffer.from(body)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');

const anEvent = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
const anIndent = fc.constantFrom('', ' ', '  ', '\t');
/** As a file has it: with or without a byte order mark and blanks around, its lines ended one way or the other. */
const aFile = (text: string, mark: boolean, crlf: boolean): string => {
  const body = `${mark ? '\ufeff' : ''}\n ${text} \n`;
  return crlf ? body.replaceAll('\n', '\r\n') : body;
};

test('an array of any events, however it is laid out, is those events one per line', () => {
  fc.assert(
    fc.property(fc.array(anEvent), anIndent, fc.boolean(), fc.boolean(), (events, indent, mark, crlf) => {
      const lines = linesIn(aFile(JSON.stringify(events, null, indent), mark, crlf));
      expect(lines.map((line) => JSON.parse(line))).toEqual(JSON.parse(JSON.stringify(events)));
    }),
  );
});

test('any one event laid out over several lines is one line', () => {
  fc.assert(
    fc.property(anEvent, fc.jsonValue(), fc.boolean(), fc.boolean(), (event, more, mark, crlf) => {
      const whole = { ...event, a: 1, more };
      const lines = linesIn(aFile(JSON.stringify(whole, null, 2), mark, crlf));
      expect(lines.map((line) => JSON.parse(line))).toEqual([JSON.parse(JSON.stringify(whole))]);
    }),
  );
});

test('NDJSON of any events stays as it is, byte for byte', () => {
  fc.assert(
    fc.property(fc.array(anEvent, { minLength: 1 }), (events) => {
      const body = Buffer.from(events.map((event) => JSON.stringify(event)).join('\n'));
      expect(Buffer.from(linesOf(body)).equals(body)).toBe(true);
    }),
  );
});
