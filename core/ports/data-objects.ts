import type { DataObject, LineCounts, ObjectRecord, RunDates, Stage } from '../objects/data-object.ts';

/** Landed objects, and how far each has come. */
export interface DataObjects {
  /** Records objects before they are opened; those known already are left as they are. */
  recordObjects(objects: readonly DataObject[]): Promise<void>;
  hasObject(object: string): Promise<boolean>;
  /** Oldest first, as many as the limits allow but at least one. */
  objectsAt(stage: Stage, limits: ObjectLimits): Promise<readonly ObjectRecord[]>;
  markTracked(object: string, event_dates: readonly string[], dates: RunDates): Promise<void>;
  markCompacted(counts: readonly LineCounts[]): Promise<void>;
  markSummarized(objects: readonly string[]): Promise<void>;
  /** Counts one failure of these objects; returns the records with their new count. */
  countFailure(objects: readonly string[]): Promise<readonly ObjectRecord[]>;
  park(objects: readonly string[], why: string): Promise<void>;
  /** Lines recorded of the objects under a prefix, when they landed; parked ones, which nothing can read, aside. */
  recordedLines(prefix: string): Promise<number>;
  /** Moves objects back to 'compacted', so that their runs are derived again. */
  reopen(objects: readonly string[]): Promise<void>;
}

/** How many objects to take at a time. */
export interface ObjectLimits {
  /** Of all together. */
  readonly maxBytes?: number;
  readonly maxObjects?: number;
}
