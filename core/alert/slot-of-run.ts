import { epochMsOf, type Instant, instantOf } from '../instant.ts';
import type { RunState } from '../run/run-view.ts';
import type { Slots } from '../schedule/schedule.ts';
import { beginningOf } from './run-course.ts';

/** A run may start this much before its slot: orchestrators' clocks and people run ahead. At most half the way to the slot before. */
const MAX_EARLY_MS = 600_000;

/**
 * The slot of a schedule that a run fills; undefined when it fills none. It is the slot the run claims (`scheduled_for`),
 * if the schedule has it and the run did not start before it was due; else the last slot before its start. A pure
 * function of the run and the schedule: so no run fills two, and no order of events matters.
 */
export function slotOfRun(
  slots: Slots | undefined,
  run: Pick<RunState, 'scheduled_for' | 'start_time' | 'queued_at' | 'first_event_at'>,
): Instant | undefined {
  const startedAt = beginningOf(run);
  if (slots === undefined || startedAt === null) return undefined;
  const { scheduled_for } = run;
  // A slot that is claimed and past needs no search for the last one, which costs the most.
  const isClaimed = scheduled_for !== null && slots.has(scheduled_for);
  if (isClaimed && scheduled_for <= startedAt) return scheduled_for;
  const last = slots.atOrBefore(startedAt);
  const next = slots.after(startedAt);
  const early = instantOf(epochMsOf(startedAt) + earlyMs(next, last));
  if (isClaimed && scheduled_for <= early) return scheduled_for;
  return next !== undefined && next <= early ? next : last;
}

/** `slotOfRun`, computed once for each run. */
export function slotFinder(slots: Slots | undefined): (run: RunState) => Instant | undefined {
  const known = new Map<RunState, Instant | undefined>();
  return (run) => {
    if (!known.has(run)) known.set(run, slotOfRun(slots, run));
    return known.get(run);
  };
}

/** How long before its slot a run may start, between these two slots. */
const earlyMs = (next: Instant | undefined, last: Instant | undefined): number =>
  next === undefined
    ? 0
    : last === undefined
      ? MAX_EARLY_MS
      : Math.min(MAX_EARLY_MS, (epochMsOf(next) - epochMsOf(last)) / 2);
