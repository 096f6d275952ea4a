import type { Clock } from '../../core/ports/clock.ts';
import type { LiveStore, LiveSummary } from '../../core/ports/live-store.ts';
import { closeDatabase, openDatabase } from './database.ts';
import { dueDaysIn } from './due-days.ts';
import { LIVE_STORE } from './live-schema.ts';
import { objectsIn, type RecordedSizes } from './objects.ts';
import { runsIn } from './runs.ts';
import { summaryOf } from './summary.ts';
import { inTransaction } from './transaction.ts';

/**
 * The live store of a laptop: one SQLite file. Its methods do their work before they return. When the file cannot be
 * written, or a function given to it throws, the promise rejects and nothing of the call is kept.
 *
 * Without a clock it does not know since when objects wait. Throws when the file cannot be opened, or was made by another
 * version.
 */
export function openLiveStore(path: string, clock?: Clock): LiveStore & RecordedSizes & CountedRuns {
  const database = openDatabase(path, LIVE_STORE);
  const summarize = summaryOf(database);
  const runs = database.prepare('select count(*) as runs from runs');
  return {
    ...runsIn(database),
    ...objectsIn(database, clock),
    ...dueDaysIn(database),

    countRuns: () => runs.get()?.runs as number,

    async summary(): Promise<LiveSummary> {
      return summarize();
    },

    async clear() {
      inTransaction(database, () => {
        database.exec('delete from runs; delete from objects; delete from due_days; update tallies set amount = 0');
      });
    },

    async close() {
      closeDatabase(database);
    },
  };
}

/** How many runs there are: SQLite counts them at once, DynamoDB page by page. */
export interface CountedRuns {
  countRuns(): number;
}
