import { epochMsOf, type Instant, instantOf } from '../instant.ts';
import type { Start } from '../ports/restarter.ts';

/** A command that the ledger had started, and that ended. */
export interface EndedCommand {
  readonly start: Start;
  /** Null: a signal ended it. */
  readonly exit_code: number | null;
  readonly signal: string | null;
  readonly took_ms: number;
  /** Where its output is kept. */
  readonly output: string;
}

/** Who says it: the process, by the code that it ended with. */
const REPORTER = 'process';

/** The end of its run, as `runledger exec` tells it: by the code it ended with. `said` is the end of its output. */
export function endEvent(
  { start, exit_code, signal, took_ms, output }: EndedCommand,
  said: string,
  now: Instant,
): Readonly<Record<string, unknown>> {
  const { environment, process_name, run } = start;
  const how = signal === null ? `ended with code ${exit_code}` : `was ended by ${signal}`;
  const message = `the command ${how} and told nothing of its run; its output is in ${output}`;
  return {
    ...{ environment, process_name, run_id: run.run_id, run_attempt: run.run_attempt, run_mode: run.run_mode },
    ...{ parent_run_id: run.parent_run_id, root_run_id: run.root_run_id, scheduled_for: run.scheduled_for },
    ...{ event_type: 'RUN_END', event_time: now, start_time: instantOf(epochMsOf(now) - took_ms), end_time: now },
    ...{ reporter: REPORTER, message },
    ...(exit_code !== null && { exit_code }),
    ...(exit_code === 0
      ? { status: 'SUCCESS' }
      : { status: 'FAILED', error: { error_code: 'U900', message: said === '' ? message : said } }),
  };
}
