import { instantOf } from '../core/instant.ts';
import type { Clock } from '../core/ports/clock.ts';

/** The clock of this machine. Every other file is given the time. */
export const systemClock: Clock = { now: () => instantOf(Date.now()) };
