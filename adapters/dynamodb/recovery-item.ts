import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { epochMsOf, type Instant } from '../../core/instant.ts';
import type { PipelineKey } from '../../core/ports/pipeline-watches.ts';
import { type Recovery, type RecoveryKey, recoveryDueAt, recoveryText, untold } from '../../core/recovery/recovery.ts';
import type { Versioned } from './change-item.ts';
import type { Key } from './items.ts';
import { partitionOf } from './partition-of.ts';
import { NEVER } from './run-item.ts';
import { PARTITIONS } from './table.ts';

/** A recovery in the table. It shares the indexes of runs, in partitions of its own. */
export interface RecoveryItem extends Versioned {
  readonly kind: 'recovery';
  /** Deflated JSON: many decisions about one slot are more than an item holds as text. */
  readonly recovery: Uint8Array;
  readonly environment: string;
  /** See `pipelinePartition`. */
  readonly process_name: string;
  /** See `listPosition`. */
  readonly start_time: string;
  /** Only while something is to be told or to be done. */
  readonly open?: Waiting | undefined;
  /** When the clock may change it; `NEVER` where there is only something to tell. */
  readonly next_check_at?: Instant | undefined;
  readonly expires_at: number;
}

/** An item is in an index once: with decisions to be told it is in the one partition, else in the other. */
export type Waiting = 'recovery' | 'recovery untold';

/** Which recovery has started a run. */
export interface StartedRunItem extends Key {
  readonly recovery_of: RecoveryKey;
  readonly expires_at: number;
}

/** A recovery of which nothing more is decided stays this long. */
const KEPT_MS = 400 * 86_400_000;

export const recoveryKey = (key: RecoveryKey): Key => ({
  pk: partitionOf(PARTITIONS.recovery, recoveryText(key)),
  sk: 'recovery',
});

export const startedRunKey = ({ environment, process_name }: PipelineKey, run_id: string): Key => ({
  pk: partitionOf(PARTITIONS.recovery, JSON.stringify([environment, process_name, run_id])),
  sk: 'started run',
});

/** Where a pipeline's recoveries are in the index of runs by pipeline: not under its name, where its runs are. */
export const pipelinePartition = (process_name: string): string => partitionOf(PARTITIONS.recovery, process_name);

/** By the latest decision, apart from runs of a pipeline that is called as the partition is. */
export const listPosition = (decided_at: Instant): string => `decided ${decided_at}`;

export function recoveryItem(recovery: Recovery): Omit<RecoveryItem, keyof Versioned> {
  const { environment, process_name } = recovery;
  const due = recoveryDueAt(recovery);
  const isUntold = untold(recovery).length > 0;
  return {
    kind: 'recovery',
    recovery: deflateRawSync(JSON.stringify(recovery)),
    environment,
    process_name: pipelinePartition(process_name),
    start_time: listPosition(decidedAt(recovery)),
    ...(isUntold
      ? { open: 'recovery untold', next_check_at: due ?? NEVER }
      : due !== undefined && { open: 'recovery', next_check_at: due }),
    expires_at: expiryOf(recovery),
  };
}

export const recoveryIn = ({ recovery }: Pick<RecoveryItem, 'recovery'>): Recovery =>
  JSON.parse(inflateRawSync(recovery).toString()) as Recovery;

export const startedRunItem = (recovery: Recovery, run_id: string): StartedRunItem => ({
  ...startedRunKey(recovery, run_id),
  recovery_of: { environment: recovery.environment, process_name: recovery.process_name, slot: recovery.slot },
  expires_at: expiryOf(recovery),
});

/** The first of all moments where nothing was decided yet: a key of an index is never empty. */
export const decidedAt = ({ decisions }: Pick<Recovery, 'decisions'>): Instant => decisions.at(-1)?.at ?? FIRST;
const FIRST = '0000-01-01T00:00:00.000Z';

function expiryOf(recovery: Recovery): number {
  const moments = [decidedAt(recovery), recoveryDueAt(recovery) ?? ''].filter((each) => each > FIRST);
  return Math.ceil((Math.max(0, ...moments.map(epochMsOf)) + KEPT_MS) / 1000);
}
