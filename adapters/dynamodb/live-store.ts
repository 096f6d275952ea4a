import { epochMsOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { accessOf, type TableSettings } from './access.ts';
import { clear } from './clear.ts';
import { dateChanges } from './date-changes.ts';
import { dueDaysIn } from './due-days.ts';
import { dueRuns, markChecked } from './due-runs.ts';
import { countOpenRuns, listRuns } from './list-runs.ts';
import { objectsIn } from './objects.ts';
import { summarize } from './summary.ts';
import { updateRuns } from './update-runs.ts';
import { moveWatermarks } from './watermarks.ts';

export interface LiveStoreSettings extends TableSettings {
  readonly clock: Clock;
  /** Days that a run stays after its last change, once it has ended or fallen silent. For ever when not given. */
  readonly keepEndedDays?: number | undefined;
}

const SECONDS_PER_DAY = 86_400;

/**
 * The live store of an account: one DynamoDB table, see `table.ts`. Many writers may use it at a time. Each run, and each
 * transaction of objects, is written wholly or not at all; a call that rejects may have done a part, and repeating it is
 * safe. Closing the store leaves the client open: its owner closes it. Throws when `keepEndedDays` is not above 0.
 */
export function openLiveStore(settings: LiveStoreSettings): LiveStore {
  const { clock, keepEndedDays } = settings;
  if (keepEndedDays !== undefined && !(keepEndedDays > 0))
    throw new Error(
      `Expected keepEndedDays to be a number of days above 0, got ${keepEndedDays}. Leave it out to keep all.`,
    );
  const access = accessOf(settings);
  const expiresAt = (): number | undefined =>
    keepEndedDays === undefined
      ? undefined
      : Math.ceil(epochMsOf(clock.now()) / 1000 + keepEndedDays * SECONDS_PER_DAY);
  return {
    async updateRuns(runs, update) {
      const transitions = await updateRuns(access, runs, update, expiresAt);
      // Also of runs that were left as they were: a call that died before this is repeated with the same runs.
      await moveWatermarks(
        access,
        transitions.map(({ after }) => after),
      );
      return transitions;
    },
    dateChanges: () => dateChanges(access),
    countOpenRuns: (now) => countOpenRuns(access, now),
    listRuns: (filter) => listRuns(access, filter),
    dueRuns: (now, limit) => dueRuns(access, now, limit),
    markChecked: (runs, now) => markChecked(access, runs, now, expiresAt()),
    ...objectsIn(access, clock),
    ...dueDaysIn(access),
    summary: () => summarize(access),
    clear: () => clear(access),
    async close() {},
  };
}
