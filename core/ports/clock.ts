import type { Instant } from '../instant.ts';

/** Time, from outside: rules, flows and adapters are given it, and never read it themselves. */
export interface Clock {
  /** The present time, in UTC, to the millisecond. */
  now(): Instant;
}
