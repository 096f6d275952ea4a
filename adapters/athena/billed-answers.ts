import type { QueryExecution } from '@aws-sdk/client-athena';
import { epochMsOf } from '../../core/instant.ts';
import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import type { BilledAnswers } from '../../core/ports/billed-answers.ts';
import { EngineUnavailableError } from '../../core/ports/query-engine.ts';
import { advised } from '../../core/query-advice.ts';
import { type AnswerOptions, readAnswer, withoutSemicolon } from './answer-engine.ts';
import { type Deadline, deadlineIn } from './deadline.ts';
import { FIRST_POLL_MS, hasEnded, LONGEST_POLL_MS, poll } from './execution.ts';
import { digest, failureOf, MAX_RUNS, start } from './statement.ts';

export type BilledOptions = Omit<AnswerOptions, 'tryName' | 'timeoutMs' | 'leftMs' | 'onScanned' | 'onProgress'>;

const NAME = 'question';

/**
 * Answers in the workgroup. What is asked as of a moment is the token of its execution, so Athena itself knows it again,
 * whichever process asks: it answers with the same execution and its rows, and reads nothing twice.
 */
export function openBilledAnswers(options: BilledOptions): BilledAnswers {
  const { clock, assertReadOnly } = options;
  return {
    async answer(sql, asOf, { waitMs, ...limits }) {
      const text = withoutSemicolon(sql);
      await assertReadOnly(text);
      const athena = { ...options, tryName: asOf };
      const deadline = deadlineIn(waitMs, clock);
      const startedAtMs = epochMsOf(clock.now());
      for (let run = 0; ; run++) {
        const executionId = await start(athena, NAME, text, digest(['billed', asOf, text, run]), deadline);
        const execution = await followed(athena, executionId, deadline);
        const counts = {
          elapsed_ms: execution.Statistics?.TotalExecutionTimeInMillis ?? epochMsOf(clock.now()) - startedAtMs,
          scanned_bytes: execution.Statistics?.DataScannedInBytes ?? 0,
        };
        if (execution.Status?.State === 'SUCCEEDED')
          return { ...(await readAnswer(athena, executionId, limits)), ...counts };
        if (!hasEnded(execution)) return { state: 'under way', ...counts };
        throwIfFinal(execution, run, deadline);
      }
    },
  };
}

/** The execution once it has ended; as it is when the time is over, which it outlives. */
async function followed(
  athena: BilledOptions & { readonly tryName: string },
  executionId: string,
  deadline: Deadline,
): Promise<QueryExecution> {
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 1.5, LONGEST_POLL_MS)) {
    const execution = await poll(athena, NAME, executionId, deadline);
    if (hasEnded(execution) || deadline.leftMs() <= 0) return execution;
    await athena.sleep(Math.max(0, Math.min(pollMs, deadline.leftMs())));
  }
}

/** A failure that may pass is followed by another run, under a token of its own. */
function throwIfFinal(execution: QueryExecution, run: number, deadline: Deadline): void {
  const failure = failureOf(NAME, execution, deadline);
  if (failure.isOfItsText) throw new QueryRejectedError(advised(failure.reason), { cause: failure });
  // Athena cancels what reads more than the workgroup allows.
  if (failure.isCancelled) throw new QueryRejectedError(failure.message, { cause: failure });
  if (!failure.isWorthAnotherRun || run + 1 === MAX_RUNS)
    throw new EngineUnavailableError(failure.message, { cause: failure });
}
