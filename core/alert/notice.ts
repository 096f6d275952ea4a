import { durationShown } from '../format.ts';
import { epochMsOf } from '../instant.ts';
import { meaningOf } from '../schema/error-code.ts';
import type { Alert } from './alert.ts';

/** What is wrong with a run, in words that fit every channel. Each channel renders it, and cuts it to its own size. */
export interface Notice {
  readonly kind: 'failed' | 'late';
  readonly severity: 'P1' | 'P2' | 'P3';
  readonly environment: string;
  readonly process_name: string;
  readonly run_id: string;
  /** One line that says it all. */
  readonly title: string;
  /** What is known, the most telling first. */
  readonly lines: readonly string[];
  /** What to do, the next command to type first. */
  readonly next_steps: readonly string[];
  /** Names and values: error code, cluster, times. */
  readonly facts: Readonly<Record<string, string>>;
}

/** An alert in the words a person reads. */
export function noticeOf(alert: Alert): Notice {
  const { kind, environment, process_name, run_id, status, error_code, error_message } = alert;
  const meaning = error_code === null ? undefined : meaningOf(error_code);
  const what = kind === 'late' ? `runs longer than ${durationShown(alert.expected_max_duration_ms)}` : WORDS[status];
  return {
    kind,
    severity: kind === 'late' ? 'P3' : meaning?.retryable === false ? 'P1' : 'P2',
    environment,
    process_name,
    run_id,
    title: `${process_name} ${what ?? 'failed'}${error_code === null ? '' : `: ${error_code}`}`,
    lines: [error_message ?? '', meaning?.advice ?? ''].filter((line) => line !== ''),
    next_steps: [`runledger --aws show ${quoted(run_id)}`],
    facts: factsOf(alert, elapsedOf(alert)),
  };
}

const WORDS: Readonly<Record<string, string>> = {
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

/** As a shell reads it: what a producer chose as its id must not become a command of who pastes it. */
const quoted = (text: string): string => (/^[\w.:@/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
