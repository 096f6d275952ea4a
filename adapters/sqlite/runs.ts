import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LiveRuns, RunFilter, RunTransition } from '../../core/ports/live-runs.ts';
import { checkedAtOf, nextCheckOf } from '../../core/run/next-checks.ts';
import { type Run, runKeyOf } from '../../core/run/run.ts';
import type { RunIndex } from '../../core/run/run-index.ts';
import { inTransaction } from './transaction.ts';

/**
 * Runs as JSON text beside the columns they are found by. A cache of parsed runs was measured: it saves a tenth of the
 * time of an update at best, so there is none.
 */
export function runsIn(database: DatabaseSync): LiveRuns {
  const find = database.prepare(
    'select run, open, check_times, checked_at from runs where run_id = ? and process_name = ? and environment = ?',
  );
  const insert = database.prepare(
    `insert into runs (run, open, start_time, silent_at, check_times, next_check_at, run_id, process_name, environment)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const replace = database.prepare(
    `update runs set run = ?, open = ?, start_time = ?, silent_at = ?, check_times = ?, next_check_at = ?
     where run_id = ? and process_name = ? and environment = ?`,
  );
  const findDue = database.prepare('select run from runs where next_check_at <= ? order by next_check_at limit ?');
  const setChecked = database.prepare(
    'update runs set checked_at = ?, next_check_at = ? where run_id = ? and process_name = ? and environment = ?',
  );
  const countDateChange = database.prepare(`update tallies set amount = amount + 1 where name = 'date_changes'`);
  const dateChanges = database.prepare(`select amount from tallies where name = 'date_changes'`);
  const countOpen = database.prepare(
    `select count(*) as open, count(*) filter (where silent_at <= ?) as lost from runs where open = 1`,
  );
  const lists = new Map<string, StatementSync>();

  return {
    async updateRuns(runs, update) {
      if (runs.length === 0) return [];
      return inTransaction(database, () => {
        const transitions = new Map<string, RunTransition>();
        for (const arriving of runs) {
          const key = keyOf(arriving);
          const row = find.get(...key);
          const stored = row && runIn(row);
          const updated = update(stored, arriving);
          const after = updated?.run ?? stored;
          if (updated !== undefined) {
            const cells = cellsOf(updated.index, row?.checked_at);
            (row ? replace : insert).run(JSON.stringify(updated.run), ...cells, ...key);
            if (updated.new_dates) countDateChange.run();
          }
          if (after === undefined) continue;
          // Of a run that arrives again, what it was before the call.
          const first = transitions.get(runKeyOf(arriving));
          transitions.set(runKeyOf(arriving), { before: first === undefined ? stored : first.before, after });
        }
        return [...transitions.values()];
      });
    },

    async dateChanges() {
      return dateChanges.get()?.amount as number;
    },

    async countOpenRuns(now) {
      const { open, lost } = countOpen.get(now) as unknown as Record<'open' | 'lost', number>;
      return { open_runs: open - lost, lost_runs: lost };
    },

    async listRuns(filter) {
      const { text, values } = listQuery(filter);
      const statement = lists.get(text) ?? database.prepare(text);
      lists.set(text, statement);
      return statement.all(...values).map(runIn);
    },

    async dueRuns(now, limit) {
      return findDue.all(now, limit).map(runIn);
    },

    async markChecked(runs, now) {
      inTransaction(database, () => {
        for (const run of runs) {
          const stored = find.get(...keyOf(run));
          if (stored?.open !== 1) continue;
          const checkedAt = checkedAtOf((stored.checked_at as string | null) ?? undefined, now);
          setChecked.run(
            checkedAt,
            nextCheckOf(JSON.parse(stored.check_times as string), checkedAt) ?? null,
            ...keyOf(run),
          );
        }
      });
    },
  };
}

const keyOf = ({ run_id, process_name, environment }: Run) => [run_id, process_name, environment] as const;

const runIn = (row: Readonly<Record<string, unknown>>): Run => JSON.parse(row.run as string) as Run;

const cellsOf = (
  { open, start_time, silent_at, check_times }: RunIndex,
  checkedAt: unknown,
): readonly [number, string, string | null, string, string | null] => [
  open ? 1 : 0,
  start_time,
  silent_at ?? null,
  JSON.stringify(check_times),
  open ? (nextCheckOf(check_times, (checkedAt as string | null) ?? undefined) ?? null) : null,
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
    ...(filter.alive_at === undefined ? [] : ['(open = 0 or silent_at is null or silent_at > ?)']),
    ...(filter.since === undefined ? [] : ['start_time >= ?']),
  ];
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return {
    text: `select run from runs ${where} order by start_time desc limit ?`,
    values: [
      ...given.map(({ value }) => value),
      ...(filter.alive_at === undefined ? [] : [filter.alive_at]),
      ...(filter.since === undefined ? [] : [filter.since]),
      filter.limit,
    ],
  };
}
