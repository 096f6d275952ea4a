import type { Instant } from '../../core/instant.ts';
import { arrivalDateOf } from '../../core/object-keys.ts';
import type { ObjectRecord, Stage } from '../../core/objects/data-object.ts';
import type { Key } from './items.ts';
import { PARTITIONS, type PartitionKey } from './table.ts';

/** The record of an object in the table: under the day it arrived, so that a day can be read without an index. */
export interface ObjectItem extends Key, Omit<ObjectRecord, 'object'> {
  /** Goes up by one with every write: what a change is conditioned on. */
  readonly version: number;
}

/**
 * Says that an object is at a stage. It is an item, not an index, because an index lags: an object recorded a moment ago
 * has to be found. It moves in the transaction that changes the object.
 */
export interface StageEntry extends Key {
  readonly size_bytes: number;
  /** When it came to the stage. */
  readonly since: Instant;
}

/** The first arrival days of all objects, one item each. */
export const DAYS = PARTITIONS.objectDays;
/** Of keys that name no day. */
const NO_DAY = 'none';

export const dayOf = (object: string): string => arrivalDateOf(object) ?? NO_DAY;
export const dayPartition = (day: string): PartitionKey => `${PARTITIONS.objects}${day}`;
export const objectKey = (object: string): Key => ({ pk: dayPartition(dayOf(object)), sk: object });
export const stagePartition = (stage: Stage): PartitionKey => `${PARTITIONS.stage}${stage}`;
export const stageKey = ({ sk, stage }: Pick<ObjectItem, 'sk' | 'stage'>): Key => ({ pk: stagePartition(stage), sk });
export const stageEntry = (item: ObjectItem, since: Instant): StageEntry => ({
  ...stageKey(item),
  size_bytes: item.size_bytes,
  since,
});

export const itemOf = ({ object, ...record }: ObjectRecord, version: number): ObjectItem => ({
  ...record,
  ...objectKey(object),
  version,
});

export const recordOf = ({ pk, sk, version, ...record }: ObjectItem): ObjectRecord => ({ ...record, object: sk });
