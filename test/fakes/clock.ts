import { epochMsOf, instantOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';

export interface FakeClock extends Clock {
  at: string;
  pass(delayMs: number): void;
}

/** A clock that stands until it is set. */
export function aClock(at: string): FakeClock {
  return {
    at,
    now() {
      return this.at;
    },
    pass(delayMs) {
      this.at = instantOf(epochMsOf(this.at) + delayMs);
    },
  };
}
