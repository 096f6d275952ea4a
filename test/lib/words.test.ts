import { expect, expectTypeOf, test } from 'vitest';
import type { LedgerEvent } from '../../core/alert/ledger-event.ts';
import { WORDS, type Word } from '../../lib/ledger-bus.ts';
import { aStack, resourcesOf } from './a-stack.ts';

test('the rules of the stack and the functions speak the same words', () => {
  expectTypeOf<Word>().toEqualTypeOf<LedgerEvent['word']>();
  const heard = Object.values(resourcesOf(aStack().template, 'AWS::Events::Rule')).flatMap(
    ({ Properties }) => (Properties.EventPattern as { 'detail-type': readonly string[] })['detail-type'],
  );
  expect(heard.filter((word) => !(WORDS as readonly string[]).includes(word))).toEqual([]);
});
