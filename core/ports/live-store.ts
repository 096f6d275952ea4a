import type { LineCounts, Stage } from '../objects/data-object.ts';
import type { DataObjects } from './data-objects.ts';
import type { DueDays } from './due-days.ts';
import type { LiveRuns } from './live-runs.ts';

/** The live lane's memory: runs as they stand, and the marks of every stage. */
export interface LiveStore extends LiveRuns, DataObjects, DueDays {
  summary(): Promise<LiveSummary>;
  /** Forgets runs and marks, to build them again from the raw lines. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Where everything stands, in numbers. */
export interface LiveSummary {
  readonly runs: number;
  readonly open_runs: number;
  readonly objects: Readonly<Record<Stage, number>>;
  readonly lines: Omit<LineCounts, 'object'>;
  readonly due_days: number;
  readonly parked: readonly { readonly object: string; readonly why: string }[];
}
