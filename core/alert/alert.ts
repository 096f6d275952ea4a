import * as z from 'zod';
import { epochMsOf, type Instant } from '../instant.ts';
import { deadlineOf } from '../run/next-checks.ts';
import type { RunState } from '../run/run-view.ts';
import { statusAt } from '../run/status-at.ts';
import { hasEnded } from '../run/work-view.ts';

/**
 * What is wrong with a run: one alert per run attempt and kind. The fields are those of the run's row; `status` may also
 * be LOST. It is the `detail` of the bus events Run Failed and Run Late.
 */
export const alertSchema = z.strictObject({
  kind: z.enum(['failed', 'late']),
  environment: z.string(),
  process_name: z.string(),
  run_id: z.string(),
  run_attempt: z.int(),
  status: z.string(),
  occurred_at: z.string(),
  start_time: z.string().nullable(),
  expected_max_duration_ms: z.number().nullable(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
  error_step: z.string().nullable(),
  owner: z.string().nullable(),
  cluster_id: z.string().nullable(),
});
export type Alert = z.output<typeof alertSchema>;

/** 24 h. An older trouble raises no alert: its events were loaded later, resent or delivered late. */
const OLDEST_MS = 86_400_000;

/**
 * The alert for a run at the moment `now`: failed, else late when it is or was over its SLA. Undefined: nothing is wrong,
 * the run is a backfill, or the trouble is more than 24 h old.
 */
export function alertOf(run: RunState, now: Instant): Alert | undefined {
  if (run.run_mode === 'backfill') return undefined;
  const status = statusAt(run, now);
  const trouble = troubleOf(run, status, now);
  if (trouble === undefined || epochMsOf(now) - epochMsOf(trouble.occurred_at) > OLDEST_MS) return undefined;
  return {
    ...trouble,
    environment: run.environment ?? '',
    process_name: run.process_name ?? '',
    run_id: run.run_id ?? '',
    run_attempt: run.run_attempt ?? 1,
    status,
    start_time: run.start_time,
    expected_max_duration_ms: run.expected_max_duration_ms,
    error_code: run.error_code,
    error_message: run.error_message,
    error_step: run.error_step,
    owner: run.owner,
    cluster_id: run.cluster_id,
  };
}

function troubleOf(run: RunState, status: string, now: Instant): Pick<Alert, 'kind' | 'occurred_at'> | undefined {
  const failed = (at: Instant | null) => (at === null ? undefined : ({ kind: 'failed', occurred_at: at } as const));
  if (status === 'FAILED' || status === 'TIMED_OUT') return failed(run.end_time ?? run.lease_expires_at);
  const deadline = deadlineOf(run);
  // A run without heartbeats that is over its SLA falls silent a little later. That is one trouble, so one alert: late.
  const silentAt = status === 'LOST' ? run.lease_expires_at : null;
  if (silentAt !== null && (deadline === undefined || silentAt < deadline)) return failed(silentAt);
  if (deadline === undefined || status === 'CANCELLED' || status === 'SKIPPED') return undefined;
  const until = hasEnded(status) ? run.end_time : now;
  return until !== null && until > deadline ? { kind: 'late', occurred_at: deadline } : undefined;
}

/** The identity of an alert in the notification log: each key is sent once. */
export const alertKeyOf = ({ kind, environment, process_name, run_id, run_attempt }: Alert): string =>
  JSON.stringify([kind, environment, process_name, run_id, run_attempt]);
