/** What a stage is told to work on, and when it may. */
export interface Worker {
  readonly eventsPerTake: number;
  /** Seconds in which it takes so many events, at this second. */
  secondsOf(events: number, atSecond: number): number;
  /** When it is called, in order. While it works, a call does nothing. */
  readonly calls: readonly number[];
  /** Seconds after its call from which it takes no more. */
  readonly worksForSeconds: number;
}

/** A take that ended: so many events in all were done by then. */
export interface Taken {
  readonly atSecond: number;
  readonly events: number;
}

export interface Worked {
  readonly takes: readonly Taken[];
  /** When each call that found work ended. */
  readonly ends: readonly number[];
}

/** Lets a worker take what has arrived, in order, at each of its calls. `arrived` says how many events came up to a second. */
export function work(worker: Worker, arrived: (atSecond: number) => number): Worked {
  const takes: Taken[] = [];
  const ends: number[] = [];
  let done = 0;
  let busyUntil = 0;
  for (const call of worker.calls) {
    if (call < busyUntil) continue;
    let now = call;
    while (now < call + worker.worksForSeconds) {
      const some = Math.min(worker.eventsPerTake, arrived(now) - done);
      if (some < 1) break;
      now += worker.secondsOf(some, now);
      done += some;
      takes.push({ atSecond: now, events: done });
    }
    if (now > call) ends.push(now);
    busyUntil = now;
  }
  return { takes, ends };
}

/** How many events came up to a second, when each hour of every day brings its own number a second. */
export function arrivals(hourlyRates: readonly number[]): (atSecond: number) => number {
  const perDay = hourlyRates.reduce((sum, rate) => sum + rate * 3600, 0);
  return (atSecond) => {
    const days = Math.floor(atSecond / 86_400);
    let total = days * perDay;
    let left = atSecond - days * 86_400;
    for (const rate of hourlyRates) {
      const seconds = Math.min(left, 3600);
      total += rate * seconds;
      left -= seconds;
      if (left <= 0) break;
    }
    return total;
  };
}

/** How many events were done up to a second. */
export function doneBy({ takes }: Worked): (atSecond: number) => number {
  return (atSecond) => takes.findLast((take) => take.atSecond <= atSecond)?.events ?? 0;
}

export interface Lag {
  /** The longest that an event waited, in seconds. */
  readonly worstSeconds: number;
  /** The last second at which an event was done that had waited for longer than `limitSeconds`; none when none had. */
  readonly lateUntilSecond: number | undefined;
}

/** How long events waited, of those that came from one second on. */
export function lagOf(
  { takes }: Worked,
  arrived: (atSecond: number) => number,
  fromSecond: number,
  limitSeconds: number,
): Lag {
  let worstSeconds = 0;
  let lateUntilSecond: number | undefined;
  let before = 0;
  for (const { atSecond, events } of takes) {
    const cameAt = whenCame(arrived, before, atSecond);
    before = events;
    if (cameAt < fromSecond) continue;
    const waited = atSecond - cameAt;
    worstSeconds = Math.max(worstSeconds, waited);
    if (waited > limitSeconds) lateUntilSecond = atSecond;
  }
  return { worstSeconds, lateUntilSecond };
}

/** The second at which so many events had come, to a second. */
function whenCame(arrived: (atSecond: number) => number, events: number, bySecond: number): number {
  let low = 0;
  let high = bySecond;
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (arrived(middle) < events) low = middle;
    else high = middle;
  }
  return high;
}
