import { GetQueryExecutionCommand, type QueryExecution, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { errorMessage } from '../../core/error-message.ts';
import { epochMsOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { EngineUnavailableError } from '../../core/ports/query-engine.ts';
import type { AthenaOptions } from './query-engine.ts';
import { retry } from './retry.ts';

export interface Deadline {
  leftMs(): number;
}

export function deadlineIn(delayMs: number, clock: Clock): Deadline {
  const atMs = epochMsOf(clock.now()) + delayMs;
  return { leftMs: () => atMs - epochMsOf(clock.now()) };
}

/** Looks are close together at first, because most statements take a second or two. */
const FIRST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 2000;
/** How long a cancelled execution may take to say so. */
const STOP_LIMIT_MS = 10_000;

/**
 * The execution once it has ended, however it ended. Past the deadline, or when the caller has had enough, it is
 * cancelled; it may end well all the same.
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
  for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 1.5, LONGEST_LOOK_MS)) {
    const execution = await look(options, name, executionId, limit);
    options.onProgress?.({
      query: name,
      state: execution.Status?.State ?? 'QUEUED',
      scanned_bytes: execution.Statistics?.DataScannedInBytes ?? 0,
      elapsed_ms: epochMsOf(options.clock.now()) - startedAtMs,
    });
    if (hasEnded(execution)) return execution;
    if (limit.leftMs() <= 0 || (options.signal?.aborted && !isStopped)) {
      if (isStopped) throw new Error(`query ${name} could not be cancelled: execution ${executionId} goes on`);
      limit = deadlineIn(STOP_LIMIT_MS, options.clock);
      isStopped = true;
      const stop = new StopQueryExecutionCommand({ QueryExecutionId: executionId });
      await retry(options, limit, () => options.client.send(stop));
      lookMs = FIRST_LOOK_MS;
    }
    await options.sleep(Math.max(0, Math.min(lookMs, limit.leftMs())));
  }
}

async function look(
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
    throw new EngineUnavailableError(`query ${name} was lost sight of: ${why} (execution ${executionId})`, { cause });
  }
}

const hasEnded = ({ Status }: QueryExecution): boolean =>
  Status?.State === 'SUCCEEDED' || Status?.State === 'FAILED' || Status?.State === 'CANCELLED';
