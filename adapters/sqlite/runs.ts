import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LiveStore, RunFilter, RunIndex } from '../../core/ports.ts';
import type { Run } from '../../core/run.ts';
import { inTransaction } from './transaction.ts';

/**
 * Runs as JSON text beside the columns they are found by. A cache of parsed runs was measured: it saves a tenth of the
 * time of an update at best, so there is none.
 */
export function runsIn(database: DatabaseSync): Pick<LiveStore, 'updateRuns' | 'listRuns' | 'takeExpired'> {
  const find = database.prepare('select run from runs where run_id = ? and process_name = ? and environment = ?');
  const insert = database.prepare(
    'insert into runs (run, open, start_time, lease_expires_at, run_id, process_name, environment) values (?, ?, ?, ?, ?, ?, ?)',
  );
  const replace = database.prepare(
    `update runs set run = ?, open = ?, start_time = ?, lease_expires_at = ?
     where run_id = ? and process_name = ? and environment = ?`,
  );
  // The condition is that of the index `unnoticed_leases`, word for word: SQLite uses the index only then.
  const takeUnnoticed = database.prepare(
    `update runs set noticed_lease = lease_expires_at
     where rowid in (
       select rowid from runs
       where open = 1 and noticed_lease is not lease_expires_at and lease_expires_at <= ?
       order by lease_expires_at
       limit ?
     )
     returning run, lease_expires_at`,
  );
  const lists = new Map<string, StatementSync>();

  return {
    async updateRuns(runs, update) {
      if (runs.length === 0) return;
      inTransaction(database, () => {
        for (const arriving of runs) {
          const key = [arriving.run_id, arriving.process_name, arriving.environment] as const;
          const stored = find.get(...key);
          const updated = update(stored && runIn(stored), arriving);
          if (updated === undefined) continue;
          const { run, index } = updated;
          (stored ? replace : insert).run(JSON.stringify(run), ...cellsOf(index), ...key);
        }
      });
    },

    async listRuns(filter) {
      const { text, values } = listQuery(filter);
      const statement = lists.get(text) ?? database.prepare(text);
      lists.set(text, statement);
      return statement.all(...values).map(runIn);
    },

    async takeExpired(now, limit) {
      const rows = takeUnnoticed.all(now, limit) as unknown as { run: string; lease_expires_at: string }[];
      return rows.sort((a, b) => (a.lease_expires_at < b.lease_expires_at ? -1 : 1)).map(runIn);
    },
  };
}

const runIn = (row: Readonly<Record<string, unknown>>): Run => JSON.parse(row.run as string) as Run;

const cellsOf = (index: RunIndex): readonly [number, string, string] => [
  index.open ? 1 : 0,
  index.start_time,
  index.lease_expires_at,
];

/** `open` is written as a literal: a bound value would keep SQLite from its index of open runs. */
function listQuery(filter: RunFilter): { text: string; values: readonly (string | number)[] } {
  const given = (['run_id', 'process_name', 'environment'] as const).flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [{ condition: `${name} = ?`, value }];
  });
  const conditions = [
    ...given.map(({ condition }) => condition),
    ...(filter.open === undefined ? [] : [`open = ${filter.open ? 1 : 0}`]),
  ];
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return {
    text: `select run from runs ${where} order by start_time desc limit ?`,
    values: [...given.map(({ value }) => value), filter.limit],
  };
}
