import { DatabaseSync } from 'node:sqlite';
import { errorMessage } from '../../core/error-message.ts';

/** Raised when a table changes in a way that `create … if not exists` cannot follow. Another version is refused. */
const SCHEMA_VERSION = 5;

/** Objects are kept for ever, so triggers tally what `summary` shows of them: a scan would take longer each day. One tally is of runs. */
const TABLES = `
  create table if not exists runs (
    environment text not null,
    process_name text not null,
    run_id text not null,
    run text not null,
    open integer not null,
    start_time text not null,
    silent_at text,
    check_times text not null,
    checked_at text,
    next_check_at text,
    primary key (run_id, process_name, environment)
  ) strict;
  create index if not exists runs_by_start on runs (start_time);
  create index if not exists runs_of_process on runs (process_name, start_time);
  create index if not exists open_runs on runs (start_time) where open = 1;
  create index if not exists due_runs on runs (next_check_at) where next_check_at is not null;

  create table if not exists objects (
    object text primary key,
    stage text not null,
    since text,
    lines integer,
    size_bytes integer not null,
    failures integer not null default 0,
    event_dates text not null,
    log_dates text not null default '[]',
    run_dates text not null default '[]',
    dates_as_of integer,
    counted integer,
    inserted integer,
    duplicates integer,
    unreadable integer,
    unaccepted integer,
    why text
  ) strict;
  create index if not exists objects_by_stage on objects (stage, object);

  create table if not exists tallies (
    name text primary key,
    amount integer not null
  ) strict;
  insert into tallies (name, amount)
    select value, 0 from json_each('[
      "recorded", "tracked", "compacted", "summarized", "parked", "forgotten",
      "lines", "inserted", "duplicates", "unreadable", "unaccepted", "date_changes"
    ]') where true
    on conflict do nothing;
  create trigger if not exists object_recorded after insert on objects begin
    update tallies set amount = amount + 1 where name = new.stage;
  end;
  create trigger if not exists object_moved after update of stage on objects when new.stage <> old.stage begin
    update tallies set amount = amount - 1 where name = old.stage;
    update tallies set amount = amount + 1 where name = new.stage;
  end;
  create trigger if not exists object_counted after update of counted on objects
  when old.counted is null and new.counted is not null begin
    update tallies set amount = amount + new.counted where name = 'lines';
    update tallies set amount = amount + new.inserted where name = 'inserted';
    update tallies set amount = amount + new.duplicates where name = 'duplicates';
    update tallies set amount = amount + new.unreadable where name = 'unreadable';
    update tallies set amount = amount + new.unaccepted where name = 'unaccepted';
  end;

  create table if not exists due_days (
    run_date text primary key,
    state text not null
  ) strict;
`;

/** Opens the file with the tables in place, in WAL mode, so that readers and the writer do not wait for each other. */
export function openDatabase(path: string): DatabaseSync {
  const database = opened(path);
  try {
    database.exec('pragma busy_timeout = 5000');
    refuseOtherVersion(database);
    refuseDamaged(database);
    database.exec('pragma journal_mode = wal');
    // In WAL mode NORMAL loses nothing when the process dies; a power cut can lose the last commits, never harm the file.
    database.exec('pragma synchronous = normal');
    database.exec('pragma cache_size = -65536');
    database.exec(`begin immediate; ${TABLES} pragma user_version = ${SCHEMA_VERSION}; commit`);
    // SQLite waits in the thread that asks, so nothing else goes on meanwhile: callers try again instead.
    database.exec('pragma busy_timeout = 500');
    return database;
  } catch (error) {
    database.close();
    throw unusable(path, error);
  }
}

function opened(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path);
  } catch (error) {
    throw unusable(path, error);
  }
}

function refuseOtherVersion(database: DatabaseSync): void {
  const version = Number(database.prepare('pragma user_version').get()?.user_version);
  // A new file is of version 0.
  if (version !== 0 && version !== SCHEMA_VERSION)
    throw new Error(`its tables are of version ${version}, this ledger knows ${SCHEMA_VERSION}`);
}

function refuseDamaged(database: DatabaseSync): void {
  const found = Object.values(database.prepare('pragma quick_check(1)').get() ?? {});
  if (found[0] !== 'ok') throw new DamagedStoreError(`it is damaged: ${found[0]}`);
}

/** The file is no live store any more. */
export class DamagedStoreError extends Error {
  override readonly name = 'DamagedStoreError';
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Whether SQLite says that its file is damaged, or no file of its own. */
export const isDamage = (error: unknown): boolean =>
  error instanceof DamagedStoreError ||
  (error instanceof Error &&
    'errcode' in error &&
    [SQLITE_CORRUPT, SQLITE_NOTADB].includes(Number(error.errcode) & 0xff));

function unusable(path: string, cause: unknown): Error {
  const came = errorMessage(cause);
  const Kind = isDamage(cause) ? DamagedStoreError : Error;
  return new Kind(
    `Expected ${path} to be the live store of this ledger, or a new file in an existing folder; got: ${came}. ` +
      'Use the version that made it, or move the file away: runs are built again from the raw lines.',
    { cause },
  );
}
