import type { Instant } from '../instant.ts';

/** Why an incident is open. docs/alerts.md explains each. */
export const REASONS = [
  'FAILED',
  'RETRIES_EXHAUSTED',
  'STEP_FAILED_AND_SILENT',
  'STALLED',
  'NOT_STARTED',
  'NOT_FINISHED_BY',
  'SLA_BREACH',
  'LONGER_THAN_USUAL',
  'TOO_SHORT',
  'RECORDS',
  'QUALITY',
  'CONFLICT',
  'EXTRA_RUN',
  'STALE',
  'FAILURE_RATE',
  'LEDGER',
] as const;
export type Reason = (typeof REASONS)[number];

/** The gravest first. P1 wakes a person, P2 wants one today, P3 wants to be known. */
export const SEVERITIES = ['P1', 'P2', 'P3'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing that is wrong, as a rule found it at a moment. */
export interface Condition {
  readonly reason: Reason;
  readonly severity: Severity;
  /** When it began, as far as is known: not when it was found. */
  readonly occurred_at: Instant;
  /** What happened against what was expected, as one sentence without the pipeline's name. */
  readonly text: string;
  /** The run that shows it; none of a slot without runs. */
  readonly run_id?: string | undefined;
}

/** What rules say of a subject at a moment. */
export interface Verdict {
  readonly conditions: readonly Condition[];
  /** Nothing is wrong, and nothing can become wrong any more: a slot has a good run. It resolves an incident. */
  readonly isGood: boolean;
  /** The next moment at which the clock alone may change this verdict. */
  readonly next_check?: Instant | undefined;
  /** Its run may still come in time, or once what it waits for is there. */
  readonly isAwaited?: boolean | undefined;
  /** It is late because of this open incident upstream, whose lateness it shares: nobody is told of its own. */
  readonly held_up_by?: string | undefined;
}

/** What a rule found, and the moments at which the clock alone may change that. */
export interface Found {
  readonly conditions: readonly Condition[];
  readonly checks: readonly Instant[];
}

export const graver = (a: Severity, b: Severity): Severity => (a < b ? a : b);
