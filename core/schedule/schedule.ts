import { epochMsOf, type Instant, instantAfter, instantOf } from '../instant.ts';
import { type Calendar, hasDay } from './calendar.ts';
import { cronTimes } from './cron.ts';
import { localDateOf } from './zone.ts';

/** When a pipeline is expected to start. Either `cron` or `every_ms` is given. */
export interface Schedule {
  /** As `cronTimes` reads it. */
  readonly cron?: string | undefined;
  /** A start every so many milliseconds, counted from 1970-01-01 in UTC. */
  readonly every_ms?: number | undefined;
  /** IANA zone of the cron expression and of the calendar's days. */
  readonly timezone: string;
  readonly calendar?: Calendar | undefined;
}

/** The moments of a schedule, each the nominal time of one expected start. */
export interface Slots {
  /** Whether this moment is a slot. */
  has(moment: Instant): boolean;
  /** The first slot after this moment; undefined when the schedule has none within ten years. */
  after(moment: Instant): Instant | undefined;
  /** The latest slot at or before this moment, if there is one within `MAX_LOOK_BACK_MS`. */
  atOrBefore(moment: Instant): Instant | undefined;
  /** Slots from `from` (included) to `until` (not included), at most `limit`, earliest first. */
  between(from: Instant, until: Instant, limit: number): readonly Instant[];
}

/** A schedule that fires at most once in this time has no slot that a late run could look for: 400 days. */
export const MAX_LOOK_BACK_MS = 400 * 86_400_000;
const MAX_AHEAD_MS = 10 * 366 * 86_400_000;

/** Throws a CronError when the expression cannot be read. */
export function slotsOf({ cron, every_ms, timezone, calendar }: Schedule): Slots {
  const times = cron === undefined ? everyTimes(every_ms ?? 0) : cronTimes(cron, timezone);
  const isExpected = (slot: Instant): boolean =>
    calendar === undefined || hasDay(calendar, localDateOf(slot, timezone));
  const after = (moment: Instant, until = instantAfter(moment, MAX_AHEAD_MS) ?? moment): Instant | undefined => {
    let slot = times.after(moment);
    while (slot !== undefined && slot < until && !isExpected(slot)) slot = times.after(slot);
    return slot !== undefined && slot < until ? slot : undefined;
  };
  const between = (from: Instant, until: Instant, limit: number): readonly Instant[] => {
    const slots: Instant[] = [];
    const before = instantOf(epochMsOf(from) - 1);
    for (let slot = after(before, until); slot !== undefined && slots.length < limit; slot = after(slot, until))
      slots.push(slot);
    return slots;
  };
  return {
    has: (moment) => after(instantOf(epochMsOf(moment) - 1), instantAfter(moment, 1)) === moment,
    after: (moment) => after(moment),
    between,
    atOrBefore: (moment) => {
      // Cron only looks ahead: look from ever further back until a slot is found, then take the last before the moment.
      const end = instantAfter(moment, 1) ?? moment;
      for (let backMs = 60_000; ; backMs *= 4) {
        const from = instantOf(epochMsOf(moment) - Math.min(backMs, MAX_LOOK_BACK_MS));
        const last = between(from, end, Number.POSITIVE_INFINITY).at(-1);
        if (last !== undefined || backMs >= MAX_LOOK_BACK_MS) return last;
      }
    },
  };
}

const everyTimes = (everyMs: number) => ({
  after: (moment: Instant): Instant | undefined => instantOf((Math.floor(epochMsOf(moment) / everyMs) + 1) * everyMs),
});
