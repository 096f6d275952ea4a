import type { Schema } from './database.ts';

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

/** Runs and objects: all of it is built again from the raw lines. */
export const LIVE_STORE: Schema = {
  title: 'the live store',
  version: 5,
  tables: TABLES,
  whenMoved: 'runs are built again from the raw lines',
};
