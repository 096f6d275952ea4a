import type { LineCounts, Stage } from '../objects/data-object.ts';
import type { DataObjects } from './data-objects.ts';
import type { DueDays } from './due-days.ts';
import type { LiveRuns } from './live-runs.ts';

/** The live lane's memory: runs as they are now, and the progress of every object. */
export interface LiveStore extends LiveRuns, DataObjects, DueDays {
  /** Throws when the store cannot be reached. */
  summary(): Promise<LiveSummary>;
  /** Deletes runs, objects and due days, to build them again from the raw lines. Throws when only a part was deleted: repeat it. */
  clear(): Promise<void>;
  /** May be repeated. The other methods throw, or do not work, after it. */
  close(): Promise<void>;
}

/** The progress of all objects in numbers. */
export interface LiveSummary {
  readonly objects: Readonly<Record<Stage, number>>;
  /** Of the objects that were compacted, so that they add up. */
  readonly lines: Omit<LineCounts, 'object'>;
  readonly due_days: number;
  readonly parked: readonly { readonly object: string; readonly why: string }[];
}
