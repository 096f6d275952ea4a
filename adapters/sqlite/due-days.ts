import type { DatabaseSync } from 'node:sqlite';
import type { DueDays } from '../../core/ports/due-days.ts';
import { inTransaction } from './transaction.ts';

/**
 * Days to aggregate. A day is `due` when it is added, `taken` when `dueDays` returns it, and `due again` when it is added
 * while it is taken. A removal leaves days that are due again: the work that it ends began before the last addition.
 */
export function dueDaysIn(database: DatabaseSync): DueDays {
  const add = database.prepare(
    `insert into due_days (run_date, state) values (?, 'due')
     on conflict do update set state = 'due again' where state = 'taken'`,
  );
  const oldest = database.prepare('select run_date from due_days order by run_date limit ?');
  const take = database.prepare(`update due_days set state = 'taken' where run_date = ?`);
  const remove = database.prepare(`delete from due_days where run_date = ? and state <> 'due again'`);

  return {
    async addDueDays(run_dates) {
      inTransaction(database, () => {
        for (const run_date of run_dates) add.run(run_date);
      });
    },

    async dueDays(limit) {
      return inTransaction(database, () => {
        const days = oldest.all(limit).map((row) => row.run_date as string);
        for (const day of days) take.run(day);
        return days;
      });
    },

    async removeDueDays(run_dates) {
      inTransaction(database, () => {
        for (const run_date of run_dates) remove.run(run_date);
      });
    },
  };
}
