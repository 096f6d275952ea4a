import type { Instant } from '../instant.ts';
import type { DataObject, ObjectRecord, Stage } from '../objects/data-object.ts';
import type { ObjectChange } from '../objects/object-change.ts';
import type { ObjectLimits } from '../objects/object-limits.ts';

/** Landed objects, and how far each has come. Every method throws when the store cannot be reached or written. */
export interface DataObjects {
  /**
   * Records objects before they are opened. Known ones are left as they are, and of two with one name the first counts.
   * After a throw some may be recorded; repeating is safe.
   */
  recordObjects(objects: readonly DataObject[]): Promise<void>;
  hasObject(object: string): Promise<boolean>;
  /** Oldest key first, as many as the limits allow but at least one. Throws when other writers keep moving them on. */
  objectsAt(stage: Stage, limits: ObjectLimits): Promise<readonly ObjectRecord[]>;
  /**
   * Applies a change of `core/objects/object-change.ts` to each of these objects once, each atomically; `change` is
   * called again when another writer came between. Returns the records as they are then, in the order given; unknown
   * objects are left out. Throws what `change` throws, before anything is written, unless an object moved meanwhile; and
   * when other writers always come first: then some may be changed, and repeating is safe.
   */
  changeObjects(objects: readonly string[], change: ObjectChange): Promise<readonly ObjectRecord[]>;
  /** Counts as far as a thousand, and reads no record. */
  waitingAt(stage: Stage): Promise<Waiting>;
  /** Lines of the recorded objects whose key begins with the prefix, as far as they are counted; of parked and forgotten ones, which cannot be read, none. */
  recordedLines(prefix: string): Promise<number>;
}

/** The objects at a stage. */
export interface Waiting {
  readonly objects: number;
  /** Since when the one that has been there longest has; undefined when there is none. */
  readonly since: Instant | undefined;
}
