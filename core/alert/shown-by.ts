import type { Expectation } from '../pipelines/expectations.ts';
import type { RunState } from '../run/run-view.ts';
import type { Condition, Reason, Severity } from './condition.ts';

/** What a run shows since it ended, as far as is known: worth knowing, unless the rule says more. */
export const shownBy = (run: RunState, reason: Reason, text: string): Condition => ({
  reason,
  severity: 'P3',
  occurred_at: run.end_time ?? run.last_event_at ?? '',
  text,
  run_id: run.run_id ?? undefined,
});

/** A pipeline of low severity has no incident graver than P3. */
export const atMost = (severity: Expectation['severity'], wanted: Severity): Severity =>
  severity === 'low' ? 'P3' : wanted;
