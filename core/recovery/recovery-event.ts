import { dateOf, type Instant } from '../instant.ts';
import { FOLDERS } from '../object-keys.ts';
import { LEDGER_REPORTER } from '../run/ledger-reporter.ts';
import { type Decision, type Recovery, type RecoveryKey, recoveryText } from './recovery.ts';

/** A decision as an event of the run that it is about. The same each time it is made, so that it is one event however often it is sent. */
export const decisionEvent = (
  { environment, process_name, slot }: RecoveryKey,
  { number, at, kind, reason, text, run_id, run_attempt, new_run_id, due_at, who }: Decision,
): Readonly<Record<string, unknown>> => ({
  ...{ environment, process_name, run_id, run_attempt, event_type: 'METRIC', event_time: at },
  event_id: `recovery ${slot} ${number}`,
  reporter: LEDGER_REPORTER,
  message: `${kind}: ${text}`,
  tags: {
    recovery: kind,
    recovery_reason: reason,
    ...(new_run_id !== undefined && { recovery_run: new_run_id }),
    ...(due_at !== undefined && { recovery_due_at: due_at }),
    ...(who !== undefined && { recovery_who: who }),
  },
});

/** The end of a run that the ledger stopped. */
export const stoppedEvent = (
  { environment, process_name }: RecoveryKey,
  { run_id, run_attempt }: Pick<Decision, 'run_id' | 'run_attempt'>,
  text: string,
  at: Instant,
): Readonly<Record<string, unknown>> => ({
  ...{ environment, process_name, run_id, run_attempt, event_type: 'RUN_END', status: 'TIMED_OUT' },
  ...{ event_time: at, end_time: at, reporter: LEDGER_REPORTER },
  message: text,
});

/** A line of the log of recoveries: the whole recovery as it was, so that a lost store is built again from the log. */
export interface RecoveryLine {
  readonly written_at: Instant;
  readonly recovery: Recovery;
}

/** Of recoveries whose last decisions are of one day: the same whoever writes them, so that writing them twice changes nothing. */
export function recoveryLinesKey(recoveries: readonly Recovery[], hash: (text: string) => string): string {
  const [first] = recoveries;
  const states = recoveries.map((each) => `${recoveryText(each)} ${each.changes}`).sort();
  return `${FOLDERS.recovery}/dt=${dateOf(first?.decisions.at(-1)?.at ?? '')}/${hash(states.join('\n'))}.ndjson`;
}
