import type { AthenaClient } from '@aws-sdk/client-athena';
import { errorMessage } from '../../core/error-message.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import type { Columns, RowOf } from '../../core/schema/column-type.ts';
import type { Arguments, Parameters, Query } from '../../core/typed-query.ts';
import { render } from '../../sql/define-query.ts';
import { migrate } from './migrate.ts';
import { readRows } from './results.ts';
import { type RunStatement, statementRunner } from './statement.ts';

export interface AthenaOptions {
  readonly client: AthenaClient;
  readonly workGroup: string;
  /** The Glue database that holds the ledger's tables. */
  readonly database: string;
  /** The lake's bucket: it holds `raw/`, `rejected/` and `tables/`. */
  readonly bucket: string;
  /** Where Athena writes results; left out when the workgroup says it or manages them itself. */
  readonly outputLocation?: string | undefined;
  /**
   * Which try of the caller's work this is. What the same try asks again, after it was cut off, is not run again: it
   * is given what became of it. A new try runs everything.
   */
  readonly tryName: string;
  readonly clock: Clock;
  readonly sleep: (delayMs: number) => Promise<void>;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  /** A statement that takes longer, its repetitions included, is cancelled. Default ten minutes. */
  readonly timeoutMs?: number | undefined;
  /** Told what each execution read, also of those that failed: it is what Athena bills. */
  readonly onScanned?: ((query: string, scannedBytes: number) => void) | undefined;
  /** Told at each look how far an execution is. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Once it is aborted, what runs is cancelled and nothing more is started. */
  readonly signal?: AbortSignal | undefined;
}

/** How far an execution is. */
export interface Progress {
  readonly query: string;
  /** Athena's word: QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED. */
  readonly state: string;
  readonly scanned_bytes: number;
  readonly elapsed_ms: number;
}

/** The ledger's own queries on Athena. They may be asked side by side; one writer per table is the caller's care. */
export function openQueryEngine(options: AthenaOptions): QueryEngine {
  if (!/^[a-z0-9.-]{3,63}$/.test(options.bucket)) {
    throw new TypeError(`expected the name of the lake's bucket, but came ${options.bucket}`);
  }
  const runStatement = statementRunner(options);
  return {
    dialect: 'trino',
    query: (query, values) => run(options, runStatement, query, values),
    migrate: () => migrate(options, runStatement),
  };
}

async function run<P extends Parameters, C extends Columns>(
  options: AthenaOptions,
  runStatement: RunStatement,
  query: Query<P, C>,
  values: Arguments<P>,
): Promise<readonly RowOf<C>[]> {
  const executionId = await runStatement(query.name, render(query, withPaths(query, values, options.bucket)));
  if (Object.keys(query.columns).length === 0) return [];
  try {
    return await readRows(options, executionId, query.columns);
  } catch (cause) {
    const why = errorMessage(cause);
    throw new Error(`query ${query.name} cannot be read: ${why} (execution ${executionId})`, { cause });
  }
}

/** Objects are named by their keys; `"$path"` shows where they are. */
function withPaths<P extends Parameters>(query: Query<P>, values: Arguments<P>, bucket: string): Arguments<P> {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    query.parameters[name] === 'objects'
      ? (value as readonly string[]).map((object) => `s3://${bucket}/${object}`)
      : value,
  ]);
  return Object.fromEntries(entries) as Arguments<P>;
}
