import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText, visibleText } from '../../core/json-text.ts';

const UNSEEN = /\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

test('JSON holds no control and no mark of direction, and reads back the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(jsonText({ [text]: text })).not.toMatch(UNSEEN);
      expect(JSON.parse(jsonText({ [text]: text }))).toEqual({ [text]: text });
    }),
  );
  expect(jsonText({ a: [1] }, 2)).toBe('{\n  "a": [\n    1\n  ]\n}');
});

test('a text shows its controls, and keeps its lines and tabs', () => {
  expect(visibleText('\u001b[2J\u009b\u202eback\u0000\ttab\nline\r\nover\rwritten')).toBe(
    '\\u001b[2J\\u009b\\u202eback\\u0000\ttab\nline\r\nover\\u000dwritten',
  );
});
