import { existsSync } from 'node:fs';
import type { IncidentStore } from '../../core/ports/incident-store.ts';
import type { NotificationLog } from '../../core/ports/notification-log.ts';
import type { PipelineWatches } from '../../core/ports/pipeline-watches.ts';
import type { RecoveryStore } from '../../core/ports/recovery-store.ts';
import { closeDatabase, openDatabase, type Schema } from './database.ts';
import { incidentsIn } from './incident-store.ts';
import { notificationLogIn } from './notification-log.ts';
import { watchesIn } from './pipeline-watches.ts';
import { RECOVERY_TABLES, recoveriesIn } from './recovery-store.ts';

/** What a laptop keeps of its alerts. */
export interface AlertStore {
  readonly incidents: IncidentStore;
  readonly watches: PipelineWatches;
  readonly notificationLog: NotificationLog;
  readonly recoveries: RecoveryStore;
  /** The file was made by this opening. */
  readonly isNew: boolean;
  /** May be repeated. The others throw after it. */
  close(): Promise<void>;
}

/**
 * Incidents, watches and recoveries: a file of its own beside the live store, because what people decided is not in the raw lines, so
 * that it outlives every rebuild. Throws when the file cannot be opened, or was made by another version.
 */
export function openAlertStore(path: string): AlertStore {
  const isNew = !existsSync(path);
  const database = openDatabase(path, ALERT_STORE);
  return {
    isNew,
    incidents: incidentsIn(database),
    watches: watchesIn(database),
    notificationLog: notificationLogIn(database),
    recoveries: recoveriesIn(database),
    async close() {
      closeDatabase(database);
    },
  };
}

const ALERT_STORE: Schema = {
  title: 'the store of incidents',
  version: 1,
  whenMoved: 'what was found and decided comes back from the log of incidents',
  tables: `
    create table if not exists incidents (
      subject text primary key,
      incident text not null,
      environment text not null,
      process_name text not null,
      open integer not null,
      detected_at text not null,
      unsent_since text
    ) strict;
    create index if not exists incidents_by_detection on incidents (detected_at);
    create index if not exists incidents_of_process on incidents (process_name, detected_at);
    create index if not exists open_incidents on incidents (process_name, detected_at) where open = 1;
    create index if not exists unsent_incidents on incidents (unsent_since) where unsent_since is not null;

    create table if not exists notifications (
      key text primary key,
      recorded_at text,
      claimed_until_ms integer not null default 0
    ) strict;

    create table if not exists watches (
      environment text not null,
      process_name text not null,
      watch text not null,
      next_check text,
      primary key (environment, process_name)
    ) strict;
    create index if not exists due_watches on watches (next_check) where next_check is not null;
  ${RECOVERY_TABLES}`,
};
