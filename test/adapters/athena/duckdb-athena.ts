import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import type { DuckDBConnection } from '@duckdb/node-api';
import { mockClient } from 'aws-sdk-client-mock';
import type { Database } from '../../../adapters/duckdb/database.ts';

interface Execution {
  readonly connection: DuckDBConnection;
  state: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  reason?: string;
  columns: readonly { readonly Name: string; readonly Type: string }[];
  rows: readonly (readonly unknown[])[];
}

/** An Athena that runs what it is asked on DuckDB, and answers it in Athena's form: all cells as text, a header first. */
export function duckdbAthena(database: Database): AthenaClient {
  const executions: Execution[] = [];
  const byId = (id: string | undefined): Execution => {
    const found = executions[Number(id)];
    if (found === undefined) throw new Error(`there is no execution ${id}`);
    return found;
  };
  const client = new AthenaClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(StartQueryExecutionCommand).callsFake(async ({ QueryString }) => {
    const execution: Execution = { connection: await database.connect(), state: 'RUNNING', columns: [], rows: [] };
    void run(execution, QueryString);
    return { QueryExecutionId: String(executions.push(execution) - 1) };
  });
  mock.on(GetQueryExecutionCommand).callsFake(({ QueryExecutionId }) => {
    const { state, reason } = byId(QueryExecutionId);
    const AthenaError = state === 'FAILED' ? { ErrorCategory: 2, Retryable: false } : undefined;
    return { QueryExecution: { QueryExecutionId, Status: { State: state, StateChangeReason: reason, AthenaError } } };
  });
  mock.on(StopQueryExecutionCommand).callsFake(({ QueryExecutionId }) => {
    const execution = byId(QueryExecutionId);
    execution.state = 'CANCELLED';
    execution.connection.interrupt();
    return {};
  });
  mock.on(GetQueryResultsCommand).callsFake(({ QueryExecutionId, NextToken, MaxResults }) => {
    const { columns, rows } = byId(QueryExecutionId);
    const all = [columns.map(({ Name }) => Name), ...rows];
    const [from, size] = [Number(NextToken ?? 0), Number(MaxResults ?? 1_000)];
    return {
      ResultSet: {
        Rows: all.slice(from, from + size).map((row) => ({ Data: row.map(cellOf) })),
        ResultSetMetadata: { ColumnInfo: columns },
      },
      ...(from + size < all.length ? { NextToken: String(from + size) } : {}),
    };
  });
  return client;
}

async function run(execution: Execution, sql: string): Promise<void> {
  try {
    const reader = await execution.connection.runAndReadAll(sql);
    const types = reader.columnTypes();
    execution.columns = reader.columnNames().map((Name, at) => ({ Name, Type: String(types[at]).toLowerCase() }));
    execution.rows = reader.getRowsJson();
    execution.state = 'SUCCEEDED';
  } catch (error) {
    if (execution.state === 'CANCELLED') return;
    execution.reason = error instanceof Error ? error.message : String(error);
    execution.state = 'FAILED';
  } finally {
    execution.connection.closeSync();
  }
}

const cellOf = (value: unknown) => (value === null ? {} : { VarCharValue: String(value) });
