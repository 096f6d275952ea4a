import { expect, test } from 'vitest';
import { aStack } from './a-stack.ts';

test('a protected stack is not destroyed, nor its table deleted, before somebody says otherwise', () => {
  const { stack, template } = aStack({ protect: true });
  expect(stack.terminationProtection).toBe(true);
  template.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
});

test('others may be: a ledger that is tried out goes with one command', () => {
  const { stack, template } = aStack();
  expect(stack.terminationProtection).toBe(false);
  template.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
});
