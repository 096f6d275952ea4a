import { type DuckDBConnection, DuckDBTypeId, type Json } from '@duckdb/node-api';
import { errorMessage } from '../../core/error-message.ts';
import { type Answer, type AnswerEngine, QueryRejectedError } from '../../core/ports/answer-engine.ts';
import type { Database } from './database.ts';
import { assertReadOnly } from './select-guard.ts';
import { instantFrom } from './values.ts';

/**
 * Answers people's own SELECTs, each on a connection of its own, in a transaction that cannot write. `answer` throws
 * `QueryRejectedError` when the SELECT is refused, wrong, or slower than its limit.
 */
export const answerEngine = (database: Database): AnswerEngine => ({
  answer: async (sql, limits) => {
    const connection = await database.connect();
    try {
      await assertReadOnly(connection, sql);
      await connection.run('begin transaction read only');
      return await answer(connection, sql, limits);
    } finally {
      connection.closeSync();
    }
  },
});

async function answer(
  connection: DuckDBConnection,
  sql: string,
  { maxRows, timeoutMs }: { readonly maxRows: number; readonly timeoutMs: number },
): Promise<Answer> {
  const startedAt = performance.now();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    connection.interrupt();
  }, timeoutMs);
  try {
    const reader = await connection.streamAndReadUntil(sql, maxRows + 1);
    const names = reader.deduplicatedColumnNames();
    const types = reader.columnTypes();
    const rows = reader.getRowsJson().slice(0, maxRows);
    return {
      columns: names.map((name, index) => ({ name, type: String(types[index]).toLowerCase() })),
      rows: rows.map((row) => row.map((value, index) => answerValueOf(value, types[index]?.typeId))),
      truncated: reader.currentRowCount > maxRows,
      elapsed_ms: Math.round(performance.now() - startedAt),
    };
  } catch (cause) {
    if (timedOut) {
      throw new QueryRejectedError(
        `the query took longer than ${timeoutMs / 1000} s and was stopped; ask for fewer days`,
        {
          cause,
        },
      );
    }
    throw new QueryRejectedError(errorMessage(cause), { cause });
  } finally {
    clearTimeout(timer);
  }
}

const INTEGERS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.DECIMAL,
]);

function answerValueOf(value: Json, type: DuckDBTypeId | undefined): unknown {
  if (value === null || type === undefined) return value;
  if (type === DuckDBTypeId.TIMESTAMP || type === DuckDBTypeId.TIMESTAMP_MS) return instantFrom(String(value));
  if (INTEGERS.has(type)) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  return value;
}
