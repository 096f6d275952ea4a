import { Intended } from './faults.ts';
import type { Glue } from './glue.ts';
import { GlueError } from './glue.ts';
import { Refusal, refuseViewColumns, refuseWhatAthenaRefuses } from './refusal.ts';
import { translate } from './translate.ts';
import { runOnTrino, type TrinoCell, type TrinoColumn, TrinoError, type TrinoSession } from './trino.ts';

export interface Outcome {
  readonly columns: readonly TrinoColumn[];
  readonly rows: readonly (readonly TrinoCell[])[];
  readonly updateCount: number | undefined;
}

export interface Failure {
  readonly reason: string;
  /** 1: system, 2: user, 3: other (Athena API reference, AthenaError). */
  readonly category: 1 | 2 | 3;
  readonly retryable: boolean;
}

const NOTHING: Outcome = { columns: [], rows: [], updateCount: undefined };
/** Athena: Optimize Iceberg tables, `vacuum_max_snapshot_age_seconds`: five days. */
const SNAPSHOT_AGE_S = '432000';

/** Runs one statement of Athena's to its end. */
export async function execute(query: string, session: TrinoSession, glue: Glue): Promise<Outcome> {
  const statement = query.trim().replace(/;$/, '');
  refuseWhatAthenaRefuses(statement);
  const work = translate(statement);
  switch (work.kind) {
    case 'query':
      return runOnTrino(work.sql, session);
    case 'view': {
      const { columns } = await runOnTrino(`select * from (${work.select}\n) where false`, session);
      refuseViewColumns(columns);
      return runOnTrino(work.sql, session);
    }
    case 'vacuum': {
      const age = await runOnTrino(
        `select value from "${work.table}$properties" where key = 'vacuum_max_snapshot_age_seconds'`,
        session,
      );
      const threshold = `retention_threshold => '${age.rows[0]?.[0] ?? SNAPSHOT_AGE_S}s'`;
      await runOnTrino(`alter table ${work.table} execute expire_snapshots(${threshold})`, session);
      return runOnTrino(`alter table ${work.table} execute remove_orphan_files(${threshold})`, session);
    }
    case 'glue table':
      try {
        await glue.createTable(session.schema, work.table);
      } catch (error) {
        if (!(error instanceof GlueError && error.code === 'AlreadyExistsException' && work.ifNotExists)) throw error;
      }
      return NOTHING;
  }
}

/** A failure in Athena's terms. */
export function failureOf(error: unknown): Failure {
  if (error instanceof TrinoError) {
    return {
      reason: `${error.code}: ${error.message}`,
      category: error.kind === 'USER_ERROR' ? 2 : 1,
      // A lost commit race is not flagged by Athena; whoever wants it run again goes by its name.
      retryable: error.kind === 'INTERNAL_ERROR' || error.kind === 'INSUFFICIENT_RESOURCES',
    };
  }
  if (error instanceof Intended) return { reason: error.message, category: 1, retryable: error.retryable };
  if (error instanceof Refusal) return { reason: error.message, category: 2, retryable: false };
  if (error instanceof GlueError) {
    return { reason: `FAILED: ${error.code}: ${error.message}`, category: 2, retryable: false };
  }
  return { reason: `GENERIC_INTERNAL_ERROR: ${String(error)}`, category: 1, retryable: true };
}
