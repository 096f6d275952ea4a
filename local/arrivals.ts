import { epochMsOf } from '../core/instant.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { IngestCounts } from '../core/ports/event-sink.ts';

const MINUTES = 60;
const MINUTE_MS = 60_000;

type Arrivals = Omit<IngestCounts, 'received'>;

/** Counts the lines of the last hour, by the minute. */
export function countArrivals(clock: Clock) {
  const byMinute = new Map<number, Arrivals>();
  const minuteNow = () => Math.floor(epochMsOf(clock.now()) / MINUTE_MS);
  return {
    add(taken: Arrivals): void {
      const minute = minuteNow();
      byMinute.set(minute, joined(byMinute.get(minute), taken));
      for (const each of byMinute.keys()) if (each <= minute - MINUTES) byMinute.delete(each);
    },
    lastHour(): Arrivals {
      const from = minuteNow() - MINUTES;
      return [...byMinute].flatMap(([minute, each]) => (minute > from ? [each] : [])).reduce(joined, NONE);
    },
  };
}

const NONE: Arrivals = { accepted: 0, rejected: 0 };

const joined = (a: Arrivals = NONE, b: Arrivals): Arrivals => ({
  accepted: a.accepted + b.accepted,
  rejected: a.rejected + b.rejected,
});
