import type { Instant } from '../core/instant.ts';

/** A part of a ledger that does not get on with its work. What it holds is kept, and tried again by itself. */
export interface Trouble {
  /** Which part: `ingest`, `live runs`, `tables`. */
  readonly part: string;
  readonly cause: string;
  readonly since: Instant;
}
