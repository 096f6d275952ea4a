import { createHash } from 'node:crypto';
import type { Instant } from '../../core/instant.ts';
import { nextCheckOf } from '../../core/run/next-checks.ts';
import type { Run } from '../../core/run/run.ts';
import type { RunIndex } from '../../core/run/run-index.ts';
import type { Key } from './items.ts';
import { packRun } from './run-codec.ts';
import { PARTITIONS, type PartitionKey } from './table.ts';

/** A run in the table. */
export interface RunItem extends Key {
  readonly kind: 'run';
  /** Goes up by one with every write: what an update is conditioned on. */
  readonly version: number;
  readonly run: Uint8Array;
  readonly environment: string;
  readonly process_name: string;
  readonly start_time: Instant;
  /** When its lease runs out, if nothing more is heard of it. */
  readonly silent_at?: Instant | undefined;
  readonly check_times: readonly Instant[];
  /** When it was last checked by the clock. */
  readonly checked_at?: Instant | undefined;
  /** Only of open runs. */
  readonly open?: 'run' | undefined;
  /**
   * When an open run is checked: never later than the next of its `check_times`. It stays while the lease moves on with
   * each event, because moving an index entry is two writes; `dueRuns` finds the true moment and plans the run anew.
   */
  readonly next_check_at?: Instant | undefined;
  readonly expires_at?: number | undefined;
}

/** Later than every check time. */
export const NEVER: Instant = '9999-12-31T23:59:59.999Z';
const MAX_SORT_KEY_BYTES = 1024;

/** A run id is the partition, so that a run is found by its id alone; the same id may be in use by several pipelines. */
export const runPartition = (run_id: string): PartitionKey => `${PARTITIONS.run}${run_id}`;

export function runKey({
  run_id,
  process_name,
  environment,
}: Pick<Run, 'run_id' | 'process_name' | 'environment'>): Key {
  const names = JSON.stringify([process_name, environment]);
  const fits = Buffer.byteLength(names) <= MAX_SORT_KEY_BYTES;
  return { pk: runPartition(run_id), sk: fits ? names : createHash('sha256').update(names).digest('base64url') };
}

/** What is stored of a run instead of `before`. Undefined when it would be the same again, but for its number. */
export function nextRunItem(
  before: RunItem | undefined,
  run: Run,
  index: RunIndex,
  expiresAt: number | undefined,
): RunItem | undefined {
  const item: RunItem = {
    ...runKey(run),
    kind: 'run',
    version: (before?.version ?? 0) + 1,
    run: packRun(run),
    environment: run.environment,
    process_name: run.process_name,
    start_time: index.start_time,
    silent_at: index.silent_at,
    check_times: index.check_times,
    checked_at: before?.checked_at,
    ...(index.open
      ? { open: 'run', next_check_at: plannedCheck(before, index.check_times) }
      : { expires_at: expiresAt }),
  };
  return before !== undefined && isSame(before, item) ? undefined : item;
}

function plannedCheck(before: RunItem | undefined, check_times: readonly Instant[]): Instant {
  const next = nextCheckOf(check_times, before?.checked_at) ?? NEVER;
  const planned = before?.next_check_at;
  return planned === undefined || planned > next ? next : planned;
}

const isSame = (a: RunItem, b: RunItem): boolean =>
  Buffer.compare(a.run, b.run) === 0 &&
  a.open === b.open &&
  a.start_time === b.start_time &&
  a.silent_at === b.silent_at &&
  a.check_times.join() === b.check_times.join();
