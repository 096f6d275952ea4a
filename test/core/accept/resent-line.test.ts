import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resentLine, resentLineOf } from '../../../core/accept/resent-line.ts';

const KEY = '3f9a1c00000000000000000000000001';

test('any line comes back with its key, on one line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (line) => {
      const text = resentLine({ rejection_key: KEY, line });
      expect(text).not.toContain('\n');
      expect(resentLineOf(text)).toEqual({ rejection_key: KEY, line });
    }),
  );
});

test.each([
  '{"process_name":"p"}',
  '{"runledger_resend":"short","line":"x"}',
  `{"runledger_resend":"${KEY}","line":"x`,
  `{"runledger_resend":"${KEY}","line":"a" "b"}`,
  `{"runledger_resend":"${KEY}","line":{"a":1}}`,
])('%s is a line like any other', (text) => {
  expect(resentLineOf(text)).toBeUndefined();
});
