import type { ColumnInfo } from '@aws-sdk/client-athena';
import { epochMsOf } from '../../core/instant.ts';
import {
  type Answer,
  type AnswerEngine,
  type AnswerLimits,
  QueryRejectedError,
  rowTooLarge,
  tooLong,
} from '../../core/ports/answer-engine.ts';
import { advised } from '../../core/query-advice.ts';
import type { AthenaOptions } from './options.ts';
import { pagesOf } from './results.ts';
import { statementRunner } from './statement.ts';
import { StatementFailed } from './statement-failed.ts';
import { valueFrom } from './values.ts';

export interface AnswerOptions extends AthenaOptions {
  /** Passes one SELECT over what people may read, or throws `QueryRejectedError`. Athena itself would run anything. */
  readonly assertReadOnly: (sql: string) => Promise<void>;
}

/**
 * Answers people's own SELECTs in the workgroup. `answer` throws `QueryRejectedError` when the SELECT is refused or wrong,
 * and `EngineUnavailableError` when Athena does not answer.
 */
export function openAnswerEngine(options: AnswerOptions): AnswerEngine {
  let asked = 0;
  return {
    answer: async (sql, limits) => {
      const { timeoutMs } = limits;
      const text = withoutSemicolon(sql);
      await options.assertReadOnly(text);
      const startedAtMs = epochMsOf(options.clock.now());
      let scannedBytes = 0;
      asked += 1;
      const runStatement = statementRunner({
        ...options,
        // A person who asks the same question again wants the present answer, not the first one.
        tryName: `${options.tryName}-${asked}`,
        timeoutMs,
        onScanned: (query, bytes) => {
          scannedBytes += bytes;
          options.onScanned?.(query, bytes);
        },
      });
      const elapsedMs = () => epochMsOf(options.clock.now()) - startedAtMs;
      const executionId = await runStatement('question', text).catch((cause: unknown) => {
        if (!(cause instanceof StatementFailed)) throw cause;
        if (cause.isOfItsText) throw new QueryRejectedError(advised(cause.reason), { cause });
        if (cause.isCancelled && elapsedMs() >= timeoutMs) throw tooLong(timeoutMs, cause);
        throw cause;
      });
      return {
        ...(await readAnswer(options, executionId, limits)),
        elapsed_ms: elapsedMs(),
        scanned_bytes: scannedBytes,
      };
    },
  };
}

/** The first rows of an execution that succeeded. Throws `QueryRejectedError` when the first one is too large. */
export async function readAnswer(
  options: AthenaOptions,
  executionId: string,
  { maxRows, maxLength }: Pick<AnswerLimits, 'maxRows' | 'maxLength'>,
): Promise<Pick<Answer, 'columns' | 'rows' | 'truncated'>> {
  let columns: readonly ColumnInfo[] = [];
  const rows: unknown[][] = [];
  let length = 0;
  let truncated = false;
  reading: for await (const page of pagesOf(options, executionId)) {
    columns = page.columns;
    for (const data of page.rows) {
      const row = columns.map((column, index) => answerValueOf(data[index]?.VarCharValue, column));
      length += JSON.stringify(row).length;
      truncated = rows.length === maxRows || length > maxLength;
      if (truncated) break reading;
      rows.push(row);
    }
  }
  if (truncated && rows.length === 0 && maxRows > 0) throw rowTooLarge(maxLength);
  return {
    columns: columns.map(({ Name, Type }) => ({ name: Name ?? '', type: Type ?? 'varchar' })),
    rows,
    truncated,
  };
}

/** Nested values and instants of other zones stay the text that Athena prints. */
function answerValueOf(text: string | undefined, { Name = '', Type = 'varchar' }: ColumnInfo): unknown {
  if (text === undefined) return null;
  switch (Type) {
    case 'boolean':
    case 'timestamp':
      return valueFrom(text, Type, Name);
    case 'double':
    case 'float':
    case 'real':
      return valueFrom(text, 'double', Name);
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'decimal': {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : text;
    }
    default:
      return text;
  }
}

export const withoutSemicolon = (sql: string): string => sql.trim().replace(/[;\s]+$/, '');
