import * as z from 'zod';
import { epochMsOf, type Instant } from '../instant.ts';
import { deadlineOf } from '../run/next-checks.ts';
import { hasEnded, type RunState } from '../run/run-view.ts';
import { statusAt } from '../run/status-at.ts';

/** What is wrong with a run, once per run attempt and kind. */
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

/** What happened longer ago than this pages nobody: it was loaded, resent or delivered late. */
const OLDEST_MS = 86_400_000;

/** The alert that a run deserves as the clock sees it: it failed, else it is (or was) over its SLA; else none. */
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
  // Without heartbeats a run over its SLA falls silent a little later: that is the same trouble, and told once.
  const silentAt = status === 'LOST' ? run.lease_expires_at : null;
  if (silentAt !== null && (deadline === undefined || silentAt < deadline)) return failed(silentAt);
  if (deadline === undefined || status === 'CANCELLED' || status === 'SKIPPED') return undefined;
  const until = hasEnded(status) ? run.end_time : now;
  return until !== null && until > deadline ? { kind: 'late', occurred_at: deadline } : undefined;
}

/** Names what was told of whom: the same again is not told. */
export const markOf = ({ kind, environment, process_name, run_id, run_attempt }: Alert): string =>
  JSON.stringify([kind, environment, process_name, run_id, run_attempt]);
