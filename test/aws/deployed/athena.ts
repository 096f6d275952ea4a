import { inject } from 'vitest';
import { FAULTS_PATH } from '../athena-facade.ts';
import type { Fault } from '../facade/faults.ts';

/** Runs the body while Athena has these faults. */
export async function withFaults<Result>(faults: readonly Fault[], body: () => Promise<Result>): Promise<Result> {
  await post(FAULTS_PATH, { faults });
  try {
    return await body();
  } finally {
    await post(FAULTS_PATH, { faults: [] });
  }
}

export interface Statement {
  readonly text: string;
  readonly state: string;
  readonly reason: string;
  readonly scannedBytes: number;
}

/** Every statement that the body starts in the stack's workgroup, the first one first. */
export async function statementsDuring(body: () => Promise<unknown>): Promise<readonly Statement[]> {
  const before = new Set(await executionIds());
  await body();
  const started = (await executionIds()).filter((id) => !before.has(id));
  return Promise.all(started.reverse().map(statementOf));
}

/** The statements that run now. */
export async function runningStatements(): Promise<readonly Statement[]> {
  const latest = await Promise.all((await executionIds()).slice(0, 10).map(statementOf));
  return latest.filter(({ state }) => state === 'RUNNING');
}

async function executionIds(): Promise<readonly string[]> {
  const { QueryExecutionIds } = await post('/', { WorkGroup: inject('outputs').WorkgroupName }, 'ListQueryExecutions');
  return QueryExecutionIds as readonly string[];
}

async function statementOf(QueryExecutionId: string): Promise<Statement> {
  const { QueryExecution } = (await post('/', { QueryExecutionId }, 'GetQueryExecution')) as {
    readonly QueryExecution: {
      readonly Query: string;
      readonly Status: { readonly State: string; readonly StateChangeReason?: string };
      readonly Statistics: { readonly DataScannedInBytes: number };
    };
  };
  return {
    text: QueryExecution.Query,
    state: QueryExecution.Status.State,
    reason: QueryExecution.Status.StateChangeReason ?? '',
    scannedBytes: QueryExecution.Statistics.DataScannedInBytes,
  };
}

async function post(path: string, body: object, action = ''): Promise<Record<string, unknown>> {
  const response = await fetch(`${inject('athenaUrl')}${path}`, {
    method: 'POST',
    headers: { 'x-amz-target': `AmazonAthena.${action}` },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Record<string, unknown>;
}
