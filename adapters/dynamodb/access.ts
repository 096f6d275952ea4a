import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { backoffMs, type Waiting } from '../../core/retry.ts';

/** How to reach a table, and how to wait before another try. */
export interface TableAccess extends Waiting {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

export type TableSettings = Pick<TableAccess, 'client' | 'table'> & Partial<TableAccess>;

export const accessOf = ({ client, table, pause = setTimeout, random = Math.random }: TableSettings): TableAccess => ({
  client,
  table,
  pause,
  random,
});

/** A client that leaves out undefined values, and retries throttled requests with the SDK's own backoff, up to ten tries. */
export const documentClient = (config: DynamoDBClientConfig = {}): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient({ maxAttempts: 10, ...config }), {
    marshallOptions: { removeUndefinedValues: true },
  });

/** Pauses of at most 20, 40, … 1280, 2000, 2000, … ms. */
export const BACKOFF = { firstDelayMs: 20, maxDelayMs: 2_000 };

/** Waits before the next try. `pauses` is how many came before: 0 for the first. */
export const backOff = ({ pause, random }: TableAccess, pauses: number): Promise<unknown> =>
  pause(backoffMs(BACKOFF, pauses, random));

/** Sends a request. An error of the service is explained; a failed condition is thrown as it came. */
export async function ask<Output>({ table }: TableAccess, request: () => Promise<Output>): Promise<Output> {
  try {
    return await request();
  } catch (error) {
    if (isConditionFailure(error) || isTransactionFailure(error)) throw error;
    throw explained(table, error);
  }
}

export const isConditionFailure = (error: unknown): boolean => nameOf(error) === 'ConditionalCheckFailedException';

export const isTransactionFailure = (error: unknown): boolean =>
  nameOf(error) === 'TransactionCanceledException' || nameOf(error) === 'TransactionInProgressException';

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

export function explained(table: string, error: unknown): Error {
  const came = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Error(`Expected the table ${table} to answer, got ${came}. ${adviceFor(nameOf(error))}`, {
    cause: error,
  });
}

function adviceFor(name: string): string {
  switch (name) {
    case 'ResourceNotFoundException':
      return 'Check the table name, the region and the account, or deploy the stack that makes it.';
    case 'AccessDeniedException':
      return 'Allow this role to read and write the table, its indexes and its key.';
    case 'ProvisionedThroughputExceededException':
    case 'RequestLimitExceeded':
    case 'ThrottlingException':
      return 'It was throttled for too long: try again later, and raise its limit if this comes back.';
    case 'ValidationException':
      return 'Check that the table has the keys and indexes of this version: deploy the stack again.';
    default:
      return 'Try again; what was written before stays, and repeating it is safe.';
  }
}
