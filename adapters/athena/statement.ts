import { createHash } from 'node:crypto';
import { type QueryExecution, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { errorMessage } from '../../core/error-message.ts';
import { EngineUnavailableError, OutOfTimeError } from '../../core/ports/query-engine.ts';
import { backoffMs } from '../../core/retry.ts';
import { type Deadline, deadlineIn, earlier } from './deadline.ts';
import { untilEnded } from './execution.ts';
import type { AthenaOptions } from './options.ts';
import { retry } from './retry.ts';
import { StatementFailed } from './statement-failed.ts';

/**
 * Runs a statement to its end; returns the id of the execution that succeeded, for its results. Throws `StatementFailed`
 * when it failed, an Error when Athena refuses the request, `EngineUnavailableError` when it could not be started or
 * followed, or the caller cancelled it, and `OutOfTimeError` when the caller's own time is over.
 */
export type RunStatement = (name: string, text: string) => Promise<string>;

const TIMEOUT_MS = 600_000;
export const MAX_RUNS = 5;
const BACKOFF = { firstDelayMs: 1_000, maxDelayMs: 20_000 };

/**
 * Runs statements, each again when it lost a commit race or Athena says that trying again may help. Every run carries
 * a token, so that a statement sent twice never runs twice, whichever process sends it.
 */
export function statementRunner(options: AthenaOptions): RunStatement {
  const asked = new Map<string, number>();
  return async (name, text) => {
    const statement = digest([name, text, options.tryName]);
    const occurrence = asked.get(statement) ?? 0;
    asked.set(statement, occurrence + 1);
    const callers: Deadline = { leftMs: () => options.leftMs?.() ?? Number.POSITIVE_INFINITY };
    const deadline = earlier(deadlineIn(options.timeoutMs ?? TIMEOUT_MS, options.clock), callers);
    for (let run = 0; ; run++) {
      if (options.signal?.aborted)
        throw new EngineUnavailableError(`query ${name} did not start: its caller cancelled it`);
      if (callers.leftMs() <= 0) throw new OutOfTimeError(`query ${name} did not start: its caller has no time left`);
      const token = digest([statement, occurrence, run]);
      const executionId = await start(options, name, text, token, deadline);
      const execution = await untilEnded(options, name, executionId, deadline);
      options.onScanned?.(name, execution.Statistics?.DataScannedInBytes ?? 0);
      if (execution.Status?.State === 'SUCCEEDED') return executionId;
      const failure = failureOf(name, execution, deadline);
      // The caller cancelled it: the statement and its input are not at fault.
      if (options.signal?.aborted) throw new EngineUnavailableError(failure.message, { cause: failure });
      if (failure.isCancelled && callers.leftMs() <= 0) throw new OutOfTimeError(failure.message, { cause: failure });
      if (!failure.isWorthAnotherRun || run + 1 === MAX_RUNS) throw failure;
      const pauseMs = backoffMs(BACKOFF, run, options.random);
      if (pauseMs >= deadline.leftMs()) throw failure;
      await options.sleep(pauseMs);
    }
  };
}

/** Starts an execution, or finds the one that the same token started. Throws as `RunStatement`. */
export async function start(
  options: AthenaOptions,
  name: string,
  text: string,
  token: string,
  deadline: Deadline,
): Promise<string> {
  const { client, workGroup, database, outputLocation } = options;
  const command = new StartQueryExecutionCommand({
    QueryString: text,
    ClientRequestToken: token,
    WorkGroup: workGroup,
    QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: database },
    ...(outputLocation === undefined ? {} : { ResultConfiguration: { OutputLocation: outputLocation } }),
  });
  try {
    const { QueryExecutionId } = await retry(options, deadline, () => client.send(command));
    if (QueryExecutionId === undefined) throw new Error('Athena answered no execution id');
    return QueryExecutionId;
  } catch (cause) {
    const message = `query ${name} did not start: ${errorMessage(cause)}`;
    // "Indicates that something is wrong with the input to the request": a text that is too long, say.
    if (cause instanceof Error && cause.name === 'InvalidRequestException') throw new Error(message, { cause });
    throw new EngineUnavailableError(message, { cause });
  }
}

/** Why an execution did not succeed. */
export function failureOf(name: string, execution: QueryExecution, deadline: Deadline): StatementFailed {
  const reason =
    execution.Status?.StateChangeReason ?? (deadline.leftMs() <= 0 ? 'it took too long' : 'Athena gives no reason');
  return new StatementFailed(name, {
    executionId: execution.QueryExecutionId ?? '',
    reason,
    isCancelled: execution.Status?.State === 'CANCELLED',
    isRetryable: execution.Status?.AthenaError?.Retryable ?? false,
    // "1 - System, 2 - User, 3 - Other" (Athena API reference, AthenaError).
    isOfItsText: execution.Status?.AthenaError?.ErrorCategory === 2,
  });
}

export const digest = (parts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');
