import type { DatabaseSync } from 'node:sqlite';
import type { RecoveryStore } from '../../core/ports/recovery-store.ts';
import { type Recovery, type RecoveryKey, recoveryDueAt, recoveryText, untold } from '../../core/recovery/recovery.ts';
import { inTransaction } from './transaction.ts';

/**
 * Recoveries as JSON text beside the columns they are found by, and the runs that each has started. Changes that are asked
 * for in one turn of the event loop are one transaction: a storm of failures costs few writes to the disk.
 */
export function recoveriesIn(database: DatabaseSync): RecoveryStore {
  const find = database.prepare('select recovery from recoveries where slot_key = ?');
  const put = database.prepare(
    `insert or replace into recoveries (slot_key, recovery, environment, process_name, slot, due_at, decided_at, untold)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const putRun = database.prepare(
    'insert or ignore into recovery_runs (environment, process_name, run_id, slot_key) values (?, ?, ?, ?)',
  );
  const ofRun = database.prepare(
    `select recovery from recovery_runs join recoveries using (slot_key)
     where recovery_runs.environment = ? and recovery_runs.process_name = ? and run_id = ?`,
  );
  const due = database.prepare('select recovery from recoveries where due_at <= ? order by due_at limit ?');
  const next = database.prepare('select min(due_at) as due_at from recoveries where due_at is not null');
  const waiting = database.prepare('select recovery from recoveries where untold = 1 limit ?');
  const list = database.prepare(
    `select recovery from recoveries
     where (? is null or environment = ?) and (? is null or process_name = ?) and (? is null or slot = ?)
     order by decided_at desc limit ?`,
  );
  const ofPipeline = database.prepare(
    'select recovery from recoveries where environment = ? and process_name = ? order by decided_at desc limit ?',
  );

  function changed(key: RecoveryKey, change: Change['change']): () => Recovery | undefined {
    const text = recoveryText(key);
    const row = find.get(text);
    const before = row && recoveryIn(row);
    let after: Recovery | undefined;
    try {
      after = change(before) ?? before;
    } catch (error) {
      // Whoever asked for it wrote nothing; the others of the turn are none of its business.
      return () => {
        throw error;
      };
    }
    if (after === undefined || after === before) return () => after;
    const { environment, process_name, slot } = after;
    put.run(
      ...[text, JSON.stringify(after), environment, process_name, slot],
      ...[recoveryDueAt(after) ?? null, after.decisions.at(-1)?.at ?? '', untold(after).length > 0 ? 1 : 0],
    );
    for (const { run_id } of after.restarts.slice(before?.restarts.length ?? 0))
      putRun.run(environment, process_name, run_id, text);
    return () => after;
  }
  const inOneTurn = turns((all: readonly Change[]) =>
    inTransaction(database, () => all.map(({ key, change }) => changed(key, change))),
  );

  return {
    changeRecovery: (key, change) => inOneTurn({ key, change }),
    async recoveryOfRun({ environment, process_name }, run_id) {
      const row = ofRun.get(environment, process_name, run_id);
      return row && recoveryIn(row);
    },
    dueRecoveries: async (now, limit) => due.all(now, Math.max(0, limit)).map(recoveryIn),
    nextDue: async () => (next.get()?.due_at as string | null | undefined) ?? undefined,
    untoldRecoveries: async (limit) => waiting.all(Math.max(0, limit)).map(recoveryIn),
    async listRecoveries({ environment, process_name, slot, limit }) {
      const most = Math.max(0, limit);
      if (environment !== undefined && process_name !== undefined && slot === undefined)
        return ofPipeline.all(environment, process_name, most).map(recoveryIn);
      const [e, p, s] = [environment ?? null, process_name ?? null, slot ?? null];
      return list.all(e, e, p, p, s, s, most).map(recoveryIn);
    },
  };
}

interface Change {
  readonly key: RecoveryKey;
  readonly change: (stored: Recovery | undefined) => Recovery | undefined;
}

/** Gathers what is asked for until the event loop turns, and does all of it at once. What the work throws all are told. */
function turns<Asked, Result>(work: (all: readonly Asked[]) => readonly (() => Result)[]) {
  let waiting: { asked: Asked; done: (result: () => Result) => void; failed: (error: unknown) => void }[] = [];
  const turn = (): void => {
    const all = waiting;
    waiting = [];
    try {
      const results = work(all.map(({ asked }) => asked));
      for (const [at, { done }] of all.entries()) done(results[at] as () => Result);
    } catch (error) {
      for (const { failed } of all) failed(error);
    }
  };
  return async (asked: Asked): Promise<Result> => {
    const result = await new Promise<() => Result>((done, failed) => {
      waiting.push({ asked, done, failed });
      if (waiting.length === 1) setImmediate(turn);
    });
    return result();
  };
}

const recoveryIn = (row: Readonly<Record<string, unknown>>): Recovery => JSON.parse(row.recovery as string) as Recovery;

/** Made beside the tables of incidents: an older file gets them when it is next opened. */
export const RECOVERY_TABLES = `
  create table if not exists recoveries (
    slot_key text primary key,
    recovery text not null,
    environment text not null,
    process_name text not null,
    slot text not null,
    due_at text,
    decided_at text not null,
    untold integer not null
  ) strict;
  create index if not exists due_recoveries on recoveries (due_at) where due_at is not null;
  create index if not exists untold_recoveries on recoveries (untold) where untold = 1;
  create index if not exists recoveries_of_process on recoveries (environment, process_name, decided_at);
  create index if not exists recoveries_by_decision on recoveries (decided_at);

  create table if not exists recovery_runs (
    environment text not null,
    process_name text not null,
    run_id text not null,
    slot_key text not null,
    primary key (environment, process_name, run_id)
  ) strict;
`;
