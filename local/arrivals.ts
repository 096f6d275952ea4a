import { epochMsOf } from '../core/instant.ts';
import type { Clock } from '../core/ports/clock.ts';

/** What became of lines. */
interface Arrived {
  readonly accepted: number;
  readonly rejected: number;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const NONE: Arrived = { accepted: 0, rejected: 0 };

/** Counts the lines of the last hour, by the minute. */
export function countArrivals(clock: Clock) {
  const minutes = new Map<number, Arrived>();
  const minuteNow = () => Math.floor(epochMsOf(clock.now()) / MINUTE_MS);
  return {
    add({ accepted, rejected }: Arrived): void {
      const minute = minuteNow();
      minutes.set(minute, sum(minutes.get(minute) ?? NONE, { accepted, rejected }));
      for (const each of minutes.keys()) if (each <= minute - HOUR_MS / MINUTE_MS) minutes.delete(each);
    },
    lastHour(): Arrived {
      const from = minuteNow() - HOUR_MS / MINUTE_MS;
      return [...minutes].flatMap(([minute, counts]) => (minute > from ? [counts] : [])).reduce(sum, NONE);
    },
  };
}

const sum = (a: Arrived, b: Arrived): Arrived => ({
  accepted: a.accepted + b.accepted,
  rejected: a.rejected + b.rejected,
});
