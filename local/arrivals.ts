import { epochMsOf } from '../core/instant.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { IngestCounts } from '../core/ports/event-sink.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Counts the lines of the last hour, by the minute. */
export function countArrivals(clock: Clock) {
  const minutes = new Map<number, { accepted: number; rejected: number }>();
  const minuteNow = () => Math.floor(epochMsOf(clock.now()) / MINUTE_MS);
  return {
    add({ accepted, rejected }: Pick<IngestCounts, 'accepted' | 'rejected'>): void {
      const minute = minuteNow();
      const known = minutes.get(minute) ?? { accepted: 0, rejected: 0 };
      minutes.set(minute, { accepted: known.accepted + accepted, rejected: known.rejected + rejected });
      for (const each of minutes.keys()) if (each <= minute - HOUR_MS / MINUTE_MS) minutes.delete(each);
    },
    lastHour(): { readonly accepted: number; readonly rejected: number } {
      const from = minuteNow() - HOUR_MS / MINUTE_MS;
      const recent = [...minutes].flatMap(([minute, counts]) => (minute > from ? [counts] : []));
      const sum = (name: 'accepted' | 'rejected') => recent.reduce((total, counts) => total + counts[name], 0);
      return { accepted: sum('accepted'), rejected: sum('rejected') };
    },
  };
}
