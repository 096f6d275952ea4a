import { GetQueryExecutionCommand, type QueryExecution, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { errorMessage } from '../../core/error-message.ts';
import { epochMsOf } from '../../core/instant.ts';
import { StatementAtLargeError } from '../../core/ports/query-engine.ts';
import { type Deadline, deadlineIn } from './deadline.ts';
import type { AthenaOptions } from './options.ts';
import { retry } from './retry.ts';

/** Polls are close together at first, because most statements take a second or two. */
export const FIRST_POLL_MS = 100;
export const LONGEST_POLL_MS = 2000;
/** How long a cancelled execution may take to end. */
const STOP_LIMIT_MS = 10_000;

/**
 * Waits for the execution to end and returns it, failed ones too. Past the deadline, or once the caller aborts, it
 * cancels the execution, which may still succeed. Throws `StatementAtLargeError` when Athena does not answer, or the
 * execution cannot be cancelled.
 */
export async function untilEnded(
  options: AthenaOptions,
  name: string,
  executionId: string,
  deadline: Deadline,
): Promise<QueryExecution> {
  const startedAtMs = epochMsOf(options.clock.now());
  let limit = deadline;
  let isStopped = false;
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, LONGEST_POLL_MS)) {
    const execution = await poll(options, name, executionId, limit);
    options.onProgress?.({
      query: name,
      state: execution.Status?.State ?? 'QUEUED',
      scanned_bytes: execution.Statistics?.DataScannedInBytes ?? 0,
      elapsed_ms: epochMsOf(options.clock.now()) - startedAtMs,
    });
    if (hasEnded(execution)) return execution;
    if (limit.leftMs() <= 0 || (options.signal?.aborted && !isStopped)) {
      if (isStopped) throw atLarge(name, executionId);
      limit = deadlineIn(STOP_LIMIT_MS, options.clock);
      isStopped = true;
      const stop = new StopQueryExecutionCommand({ QueryExecutionId: executionId });
      await retry(options, limit, () => options.client.send(stop)).catch((cause: unknown) => {
        throw atLarge(name, executionId, cause);
      });
      pollMs = FIRST_POLL_MS;
    }
    await options.sleep(Math.max(0, Math.min(pollMs, limit.leftMs())));
  }
}

/** The execution as it is now. Throws `StatementAtLargeError` when Athena does not answer. */
export async function poll(
  options: AthenaOptions,
  name: string,
  executionId: string,
  deadline: Deadline,
): Promise<QueryExecution> {
  const command = new GetQueryExecutionCommand({ QueryExecutionId: executionId });
  try {
    const { QueryExecution } = await retry(options, deadline, () => options.client.send(command));
    if (QueryExecution === undefined) throw new Error('Athena does not know it');
    return QueryExecution;
  } catch (cause) {
    const why = errorMessage(cause);
    throw new StatementAtLargeError(`query ${name} was lost sight of: ${why} (execution ${executionId})`, { cause });
  }
}

const atLarge = (name: string, executionId: string, cause?: unknown): Error =>
  new StatementAtLargeError(`query ${name} could not be cancelled: execution ${executionId} goes on`, { cause });

export const hasEnded = ({ Status }: QueryExecution): boolean =>
  Status?.State === 'SUCCEEDED' || Status?.State === 'FAILED' || Status?.State === 'CANCELLED';
