import type { DatabaseSync } from 'node:sqlite';
import type { PipelineWatches, Watch } from '../../core/ports/pipeline-watches.ts';
import { inTransaction } from './transaction.ts';

/** Watches as JSON text beside the columns they are found by. */
export function watchesIn(database: DatabaseSync): PipelineWatches {
  const find = database.prepare('select watch from watches where environment = ? and process_name = ?');
  const put = database.prepare(
    'insert or replace into watches (environment, process_name, watch, next_check) values (?, ?, ?, ?)',
  );
  const due = database.prepare('select watch from watches where next_check <= ? order by next_check limit ?');
  const all = database.prepare('select watch from watches order by environment, process_name');

  return {
    async changeWatch({ environment, process_name }, change) {
      return inTransaction(database, () => {
        const row = find.get(environment, process_name);
        const before = row && watchIn(row);
        const after = change(before);
        if (after !== before) put.run(environment, process_name, JSON.stringify(after), after.next_check ?? null);
        return after;
      });
    },

    async dueWatches(now, limit) {
      return due.all(now, Math.max(0, limit)).map(watchIn);
    },

    async listWatches() {
      return all.all().map(watchIn);
    },
  };
}

const watchIn = (row: Readonly<Record<string, unknown>>): Watch => JSON.parse(row.watch as string) as Watch;
