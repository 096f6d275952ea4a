import type { Instant } from '../instant.ts';

/** Time, from outside. */
export interface Clock {
  now(): Instant;
}
