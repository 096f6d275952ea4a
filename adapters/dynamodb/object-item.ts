import { arrivalDateOf } from '../../core/object-keys.ts';
import type { DataObject, LineCounts, ObjectRecord, Stage } from '../../core/objects/data-object.ts';
import type { Key } from './items.ts';

/** A landed object in the table: under the day it arrived, so that a day can be read without an index. */
export interface ObjectItem extends Key {
  readonly version: number;
  readonly stage: Stage;
  readonly lines: number;
  readonly size_bytes: number;
  readonly failures: number;
  readonly event_dates: readonly string[];
  readonly log_dates: readonly string[];
  readonly run_dates: readonly string[];
  /** What compaction made of its lines. */
  readonly counts?: Omit<LineCounts, 'object'> | undefined;
  readonly why?: string | undefined;
}

/**
 * Says that an object is at a stage. It is an item, not an index, because an index lags: an object recorded a moment ago
 * has to be found. It changes place in the transaction that marks the object.
 */
export interface StageEntry extends Key {
  readonly size_bytes: number;
}

/** The first arrival days of all objects, one item each. */
export const DAYS = 'object_days';
/** Of keys that name no day. */
const NO_DAY = 'none';

export const dayOf = (object: string): string => arrivalDateOf(object) ?? NO_DAY;
export const dayPartition = (day: string): string => `objects#${day}`;
export const objectKey = (object: string): Key => ({ pk: dayPartition(dayOf(object)), sk: object });
export const stagePartition = (stage: Stage): string => `stage#${stage}`;
export const stageEntry = ({ sk, stage, size_bytes }: ObjectItem): StageEntry => ({
  pk: stagePartition(stage),
  sk,
  size_bytes,
});

/** A parked object is as far as it will come. */
export const ORDER: readonly Stage[] = ['recorded', 'tracked', 'compacted', 'summarized', 'parked'];

export const newObjectItem = ({ object, lines, size_bytes, event_dates }: DataObject): ObjectItem => ({
  ...objectKey(object),
  version: 1,
  stage: 'recorded',
  lines,
  size_bytes,
  failures: 0,
  event_dates: union(event_dates, []),
  log_dates: [],
  run_dates: [],
});

export const recordOf = (item: ObjectItem): ObjectRecord => ({
  object: item.sk,
  lines: item.lines,
  size_bytes: item.size_bytes,
  stage: item.stage,
  failures: item.failures,
  event_dates: item.event_dates,
  log_dates: item.log_dates,
  run_dates: item.run_dates,
});

export const union = (known: readonly string[], given: readonly string[]): readonly string[] =>
  [...new Set([...known, ...given])].sort();
