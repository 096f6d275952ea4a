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
 * Throws when the file cannot be opened, or was made by another version.
 */
export function openLiveStore(path: string): LiveStore & RecordedSizes {
  const database = openDatabase(path, LIVE_STORE);
  const summarize = summaryOf(database);
  return {
    ...runsIn(database),
    ...objectsIn(database),
    ...dueDaysIn(database),

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
