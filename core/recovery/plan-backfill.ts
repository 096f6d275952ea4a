import type { ExpectedSlot } from '../alert/expected-slot.ts';
import type { Instant } from '../instant.ts';

/** One slot of a backfill. */
export interface BackfillSlot {
  readonly slot: Instant;
  /** `run`: it is to be started; `done`: it is good; `open`: a run of it is under way. */
  readonly todo: 'run' | 'done' | 'open';
  readonly why: string;
}

/**
 * What there is to do for the slots of one pipeline, oldest first: those that are missed or failed, and nothing twice.
 * `goodBySlot`: good runs that the tables know, which the live store may have forgotten.
 */
export function planBackfill(
  slots: readonly ExpectedSlot[],
  goodBySlot: ReadonlyMap<Instant, string>,
  now: Instant,
): readonly BackfillSlot[] {
  return [...slots]
    .filter(({ slot }) => slot <= now)
    .sort((a, b) => (a.slot < b.slot ? -1 : 1))
    .map(({ slot, state, run_ids }): BackfillSlot => {
      const good = goodBySlot.get(slot);
      if (good !== undefined) return { slot, todo: 'done', why: `good: ${good}` };
      switch (state) {
        case 'good':
          return { slot, todo: 'done', why: `good: ${run_ids.join(', ')}` };
        case 'running':
          return { slot, todo: 'open', why: `under way: ${run_ids.join(', ')}` };
        case 'failed':
          return { slot, todo: 'run', why: `failed: ${run_ids.join(', ')}` };
        case 'waiting':
        case 'missed':
          return { slot, todo: 'run', why: 'no run of it' };
        default:
          return state satisfies never;
      }
    });
}

/** A readable id, another one for each time that the slot is tried. */
export const backfillRunId = (slot: Instant, unique: string): string =>
  `backfill-${slot.slice(0, 16).replaceAll(/[-:]/g, '')}-${unique}`;
