import type { Execution, Executions } from './executions.ts';
import type { Glue } from './glue.ts';
import type { TrinoCell, TrinoColumn } from './trino.ts';

/** The request as it came, with whatever fields. */
export type Input = Readonly<Record<string, unknown>>;
/** With the access key of the caller. */
export type Action = (input: Input, caller: string) => Promise<object> | object;

/** Answered with status 400 and Athena's name for it. */
export class InvalidRequest extends Error {
  override readonly name = 'InvalidRequestException';
}

/** Athena's API, as far as the ledger and those who look at it use it (Athena API reference, version 2017-05-18). */
export const actionsOver = (executions: Executions, glue: Glue): Readonly<Record<string, Action>> => ({
  StartQueryExecution: (input, caller) => ({ QueryExecutionId: start(input, caller, executions).id }),
  GetQueryExecution: (input) => ({ QueryExecution: described(known(input, executions)) }),
  StopQueryExecution: (input) => {
    executions.stop(known(input, executions).id);
    return {};
  },
  GetQueryResults: (input) => results(input, known(input, executions)),
  ListQueryExecutions: (input) => ({
    QueryExecutionIds: executions
      .list()
      .filter(({ workGroup }) => workGroup === (input.WorkGroup ?? 'primary'))
      .map(({ id }) => id),
  }),
  GetWorkGroup: (input) => ({
    WorkGroup: { Name: input.WorkGroup, State: 'ENABLED', Configuration: { EnforceWorkGroupConfiguration: true } },
  }),
  ListTableMetadata: async (input) => ({
    TableMetadataList: (await glue.tables(text(input, 'DatabaseName'))).map((table) => ({
      Name: table.Name,
      TableType: table.TableType,
      Columns: table.StorageDescriptor?.Columns ?? [],
      PartitionKeys: table.PartitionKeys ?? [],
      Parameters: table.Parameters ?? {},
    })),
  }),
});

function start(input: Input, startedBy: string, executions: Executions): Execution {
  const query = text(input, 'QueryString');
  const token = input.ClientRequestToken as string | undefined;
  if (token !== undefined && (token.length < 32 || token.length > 128)) {
    throw new InvalidRequest('ClientRequestToken: expected 32 to 128 characters');
  }
  const { Database: database = 'default' } = (input.QueryExecutionContext ?? {}) as { readonly Database?: string };
  const execution = executions.start({
    ...{ query, database, token, startedBy },
    workGroup: String(input.WorkGroup ?? 'primary'),
  });
  if (execution.query !== query) throw new InvalidRequest('Idempotent parameters do not match');
  return execution;
}

function known(input: Input, executions: Executions): Execution {
  const id = text(input, 'QueryExecutionId');
  const execution = executions.get(id);
  if (execution === undefined) throw new InvalidRequest(`QueryExecution ${id} was not found`);
  return execution;
}

const described = (execution: Execution): object => ({
  QueryExecutionId: execution.id,
  Query: execution.query,
  WorkGroup: execution.workGroup,
  StatementType: /^\s*(?:--[^\n]*\n\s*)*(create|alter|drop)\b/i.test(execution.query) ? 'DDL' : 'DML',
  QueryExecutionContext: { Catalog: 'awsdatacatalog', Database: execution.database },
  Status: {
    State: execution.state,
    SubmissionDateTime: execution.submittedAt / 1000,
    ...(execution.completedAt === undefined ? {} : { CompletionDateTime: execution.completedAt / 1000 }),
    ...(execution.failure === undefined
      ? {}
      : {
          StateChangeReason: execution.failure.reason,
          AthenaError: {
            ErrorCategory: execution.failure.category,
            ErrorMessage: execution.failure.reason,
            Retryable: execution.failure.retryable,
          },
        }),
  },
  Statistics: {
    DataScannedInBytes: execution.scannedBytes,
    TotalExecutionTimeInMillis: (execution.completedAt ?? Date.now()) - execution.submittedAt,
  },
});

/** "MaxResults … Maximum value of 1000"; the first row of the first page of a SELECT names the columns. */
const MOST_ROWS = 1000;

function results(input: Input, { id, state, outcome }: Execution): object {
  if (outcome === undefined) {
    throw new InvalidRequest(`Query did not finish successfully. Final query state: ${state}`);
  }
  const isSelect = outcome.updateCount === undefined && outcome.columns.length > 0;
  const columns = isSelect ? outcome.columns : [];
  const rows = isSelect ? [columns.map(({ name }) => name), ...outcome.rows] : [];
  const from = Number(input.NextToken ?? 0);
  const to = Math.min(from + Number(input.MaxResults ?? MOST_ROWS), rows.length);
  return {
    UpdateCount: outcome.updateCount ?? 0,
    ResultSet: {
      Rows: rows.slice(from, to).map((row) => ({ Data: row.map(datumOf) })),
      ResultSetMetadata: { ColumnInfo: columns.map((column) => columnInfo(column, id)) },
    },
    ...(to < rows.length ? { NextToken: String(to) } : {}),
  };
}

const columnInfo = ({ name, type }: TrinoColumn, _id: string): object => ({
  CatalogName: 'hive',
  SchemaName: '',
  TableName: '',
  Name: name,
  Label: name,
  Type: type.replace(/\(.*/, ''),
  Precision: 0,
  Scale: 0,
  Nullable: 'UNKNOWN',
  CaseSensitive: /^varchar/.test(type),
});

const datumOf = (cell: TrinoCell): object => (cell === null ? {} : { VarCharValue: shown(cell) });

/** Nested values as Java prints them: text that cannot be read back, which is why no query of the ledger answers any. */
function shown(cell: TrinoCell): string {
  if (cell === null) return 'null';
  if (typeof cell !== 'object') return String(cell);
  if (Array.isArray(cell)) return `[${cell.map(shown).join(', ')}]`;
  return `{${Object.entries(cell)
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(', ')}}`;
}

function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidRequest(`1 validation error detected: Value null at '${name}' failed to satisfy constraint`);
}
