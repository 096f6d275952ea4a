import { type DuckDBConnection, JsonDuckDBValueConverter } from '@duckdb/node-api';
import { errorMessage } from '../../core/error-message.ts';
import {
  type Answer,
  type AnswerEngine,
  type AnswerLimits,
  QueryRejectedError,
  rowTooLarge,
  tooLong,
} from '../../core/ports/answer-engine.ts';
import { advised } from '../../core/query-advice.ts';
import { answerValueOf } from './answer-value.ts';
import type { Database } from './database.ts';
import { assertReadOnly } from './select-guard.ts';

/**
 * Answers people's own SELECTs, each on a connection of its own, in a transaction that cannot write. `answer` throws
 * `QueryRejectedError` when the SELECT is refused, wrong, or slower than its limit.
 */
export const answerEngine = (database: Database): AnswerEngine => ({
  answer: async (sql, limits) => {
    const connection = await database.connect();
    try {
      await assertReadOnly(connection, sql);
      // Rows that wait to be read count without their texts: of 20 KB each, DuckDB's usual megabyte would be a gigabyte.
      await connection.run("set streaming_buffer_size = '32KB'");
      await connection.run('begin transaction read only');
      return await answer(connection, sql, limits);
    } finally {
      // An answer that was cut is still open, and would hold its transaction until it is collected.
      await connection.run('rollback').catch(noTransaction);
      connection.closeSync();
    }
  },
});

/** A question that was refused began none. */
const noTransaction = (): void => undefined;

async function answer(connection: DuckDBConnection, sql: string, limits: AnswerLimits): Promise<Answer> {
  const startedAt = performance.now();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    connection.interrupt();
  }, limits.timeoutMs);
  try {
    const found = await readAnswer(connection, sql, limits, () => isLate);
    return { ...found, elapsed_ms: Math.round(performance.now() - startedAt) };
  } catch (cause) {
    if (cause instanceof QueryRejectedError) throw cause;
    if (isLate) throw tooLong(limits.timeoutMs, cause);
    throw new QueryRejectedError(advised(errorMessage(cause)), { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Reads chunk by chunk, so that of an answer that is too large only a part is ever in memory. */
async function readAnswer(
  connection: DuckDBConnection,
  sql: string,
  { maxRows, maxLength, timeoutMs }: AnswerLimits,
  isLate: () => boolean,
): Promise<Omit<Answer, 'elapsed_ms'>> {
  const result = await connection.stream(sql);
  const types = result.columnTypes();
  const columns = result
    .deduplicatedColumnNames()
    .map((name, index) => ({ name, type: String(types[index]).toLowerCase() }));
  const rows: unknown[][] = [];
  let length = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return { columns, rows, truncated: false };
    if (isLate()) throw tooLong(timeoutMs);
    for (let at = 0; at < chunk.rowCount; at++) {
      if (rows.length === maxRows) return { columns, rows, truncated: true };
      const row = chunk
        .convertRowValues(at, JsonDuckDBValueConverter)
        .map((value, index) => answerValueOf(value, types[index]));
      length += JSON.stringify(row).length;
      if (length > maxLength) {
        if (rows.length === 0) throw rowTooLarge(maxLength);
        return { columns, rows, truncated: true };
      }
      rows.push(row);
    }
  }
}
