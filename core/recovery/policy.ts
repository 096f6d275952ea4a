import type { Expectation } from '../pipelines/expectations.ts';

/** What a pipeline allows the ledger to do with a run that failed, or that does not end. Durations in milliseconds. */
export interface RecoveryPolicy {
  /** How a run is started again; undefined: it never is. */
  readonly restart: RestartTarget | undefined;
  /** Undefined: only people start runs again. */
  readonly retry: RetryPolicy | undefined;
  readonly resume: 'from_failed_step' | 'from_start';
  /** By the name of a parameter: what a run gets more of after an error of the class `resource`. */
  readonly on_resource_error: Readonly<Record<string, Growth>>;
  /** How long after its start a run is stopped; undefined: never. */
  readonly kill_after: number | undefined;
  /** How many runs of the pipeline may be open at once; undefined: any number. Of one slot it is always one. */
  readonly concurrency: number | undefined;
  readonly breaker: Breaker;
  readonly quiet_hours: QuietHours | undefined;
  /** Decides, and starts and stops nothing. */
  readonly dry_run: boolean;
  /** After so many failed incremental runs in a row the next one is full. */
  readonly fallback_to_full_after: number | undefined;
  readonly idempotent: Idempotence | undefined;
  readonly paused: boolean;
  /** What failed longer ago than this is left to people. */
  readonly too_old_after: number;
  /** What failed before it was allowed is left alone. */
  readonly allowed_since: string | undefined;
}

export type RestartTarget = NonNullable<Expectation['restart']>;
export type RestartKind = keyof RestartTarget;
export type Idempotence = NonNullable<Expectation['idempotent']>;
export type QuietHours = NonNullable<Expectation['quiet_hours']>;
export type Breaker = NonNullable<Expectation['breaker']>;
export type Growth = NonNullable<Expectation['on_resource_error']>[string];

export interface RetryPolicy {
  /** Runs of one slot in all, the first included. */
  readonly max_attempts: number;
  readonly backoff: Backoff;
  /** Codes, classes of the taxonomy, `timed_out` and `lost`; undefined: what the taxonomy says can be mended so. */
  readonly on: readonly string[] | undefined;
}

/** The pause before the next run: `initial`, then `factor` times as long each time, at most `max`, shortened by up to the share `jitter`. */
export interface Backoff {
  readonly initial: number;
  readonly factor: number;
  readonly max: number;
  readonly jitter: number;
}

/** Of a pipeline that allows something and names none. */
const DEFAULT_BREAKER: Breaker = { failures: 10, window: 3_600_000 };

/** What the file allows for this pipeline. */
export function policyOf(expectation: Expectation): RecoveryPolicy {
  const { retry, backfill_after, restart } = expectation;
  const isByLedger = retry?.by === 'ledger' && restart !== undefined;
  return {
    restart,
    retry: isByLedger
      ? { max_attempts: retry.max_attempts, backoff: backoffOf(retry.backoff), on: retry.on }
      : undefined,
    resume: expectation.resume ?? 'from_start',
    on_resource_error: expectation.on_resource_error ?? {},
    kill_after: expectation.kill_after,
    concurrency: expectation.concurrency,
    breaker: expectation.breaker ?? DEFAULT_BREAKER,
    quiet_hours: expectation.quiet_hours,
    dry_run: expectation.dry_run ?? false,
    fallback_to_full_after: expectation.fallback_to_full_after,
    idempotent: expectation.idempotent,
    paused: expectation.paused ?? false,
    too_old_after: backfill_after,
    allowed_since: expectation.allowed_since,
  };
}

/** Whether the ledger is to do anything of itself for this pipeline. */
export const isActive = ({ retry, kill_after }: RecoveryPolicy): boolean =>
  retry !== undefined || kill_after !== undefined;

/** A duration alone is the same pause each time. */
export const backoffOf = (backoff: number | Backoff): Backoff =>
  typeof backoff === 'number' ? { initial: backoff, factor: 1, max: backoff, jitter: 0 } : backoff;

/** The pause after the last of so many runs, in milliseconds. `share` from 0 to 1 chooses within the jitter. */
export const pauseMs = ({ initial, factor, max, jitter }: Backoff, tries: number, share: number): number =>
  Math.round(Math.min(max, initial * factor ** Math.max(0, tries - 1)) * (1 - jitter * share));
