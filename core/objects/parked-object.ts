import type { ObjectRecord } from './data-object.ts';

/** An object that could not be taken in. */
export interface ParkedObject {
  readonly object: string;
  readonly size_bytes: number;
  readonly why: string;
}

export const parkedObjectOf = ({ object, size_bytes, why }: ObjectRecord): ParkedObject => ({
  object,
  size_bytes,
  why: why ?? 'it cannot be taken in',
});

/** What became of objects that were to be taken in again. */
export interface RetriedObjects {
  /** They are taken into the tables by the next tick, or parked again by it. */
  readonly retried: readonly string[];
  /** They could not even be read. */
  readonly parked: readonly ParkedObject[];
}

/** A person's decision to do without objects. */
export interface Forgetting {
  readonly objects: readonly string[];
  readonly reason: string;
  /** Who decided it. Missing: nobody said. */
  readonly who?: string | undefined;
}
