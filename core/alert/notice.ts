import { durationShown } from '../format.ts';
import { epochMsOf } from '../instant.ts';
import { meaningOf } from '../schema/error-code.ts';
import { quoted } from '../shell.ts';
import type { Alert } from './alert.ts';
import type { Severity } from './condition.ts';
import type { ChangeKind, NewsKind } from './incident.ts';

/** What there is to tell, in words that fit every channel. Each channel renders it and cuts it to its own size. */
export interface Notice {
  readonly kind: 'failed' | 'late' | ChangeKind | NewsKind;
  readonly severity: Severity;
  readonly environment: string;
  readonly process_name: string;
  /** Empty when it is about no run. */
  readonly run_id: string;
  /** The same for all notices of one story, which a chat shows as one thread. */
  readonly thread: string;
  /** One line: the pipeline, what went wrong, and the error code if there is one. */
  readonly title: string;
  /** The error message and the advice for its code; empty when both are unknown. */
  readonly lines: readonly string[];
  /** Commands to run next, ready to be pasted into a shell. */
  readonly next_steps: readonly string[];
  /** Further facts by name, such as the error code, the cluster and the times. */
  readonly facts: Readonly<Record<string, string>>;
}

/**
 * Writes an alert for people. `command` is how they call the CLI, with the options that choose this ledger: `runledger
 * --aws` for one on AWS.
 */
export function noticeOf(alert: Alert, command: string): Notice {
  const { kind, environment, process_name, run_id, status, error_code, error_message } = alert;
  const meaning = error_code === null ? undefined : meaningOf(error_code);
  const what = kind === 'late' ? `runs longer than ${durationShown(alert.expected_max_duration_ms)}` : VERBS[status];
  return {
    kind,
    severity: kind === 'late' ? 'P3' : meaning?.retryable === false ? 'P1' : 'P2',
    environment,
    process_name,
    run_id,
    thread: `${environment}/${process_name}/${run_id}`,
    title: `${process_name} ${what ?? 'failed'}${error_code === null ? '' : `: ${error_code}`}`,
    lines: [error_message ?? '', meaning?.advice ?? ''].filter((line) => line !== ''),
    next_steps: [`${command} show ${quoted(run_id)}`],
    facts: factsOf(alert, elapsedOf(alert)),
  };
}

const VERBS: Readonly<Record<string, string>> = {
  FAILED: 'failed',
  TIMED_OUT: 'timed out',
  LOST: 'fell silent',
};

function factsOf(alert: Alert, elapsed: string): Readonly<Record<string, string>> {
  const known = {
    status: alert.status,
    attempt: String(alert.run_attempt),
    step: alert.error_step,
    'error code': alert.error_code,
    started: alert.start_time,
    [alert.kind === 'late' ? 'over its SLA since' : 'ended']: alert.occurred_at,
    'took until then': elapsed,
    owner: alert.owner,
    cluster: alert.cluster_id,
  };
  return Object.fromEntries(Object.entries(known).flatMap(([name, value]) => (value ? [[name, value]] : [])));
}

const elapsedOf = ({ start_time, occurred_at }: Alert): string =>
  start_time === null ? '' : durationShown(Math.max(0, epochMsOf(occurred_at) - epochMsOf(start_time)));
