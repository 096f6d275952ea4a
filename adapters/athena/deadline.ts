import { epochMsOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';

/** The moment at which the work is given up. */
export interface Deadline {
  /** How many milliseconds are left until then; zero or less once it has passed. */
  leftMs(): number;
}

export function deadlineIn(delayMs: number, clock: Clock): Deadline {
  const atMs = epochMsOf(clock.now()) + delayMs;
  return { leftMs: () => atMs - epochMsOf(clock.now()) };
}

/** Whichever of them comes first. */
export const earlier = (a: Deadline, b: Deadline): Deadline => ({ leftMs: () => Math.min(a.leftMs(), b.leftMs()) });
