import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { ask, explained, isTransactionFailure, type TableAccess } from './access.ts';

export type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** DynamoDB's bound. */
export const MAX_ACTIONS = 100;

/** Reasons that pass by themselves: another writer changed an item, is about to, or the table is busy. */
const PASSING = new Set([
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

/**
 * Writes all or nothing. False when it was refused for a reason that passes: read again, then try once more. The SDK
 * sends its own repetitions under one token, so a lost answer does not write twice.
 */
export async function writeTogether(access: TableAccess, actions: readonly Action[]): Promise<boolean> {
  try {
    await ask(access, () => access.client.send(new TransactWriteCommand({ TransactItems: [...actions] })));
    return true;
  } catch (error) {
    if (!isTransactionFailure(error)) throw error;
    if (!(error instanceof TransactionCanceledException)) return false;
    const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code ?? 'None').filter((code) => code !== 'None');
    if (codes.length > 0 && codes.every((code) => PASSING.has(code))) return false;
    throw explained(access.table, error);
  }
}
