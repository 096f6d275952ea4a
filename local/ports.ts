import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../adapters/clock.ts';
import type { Lake } from '../adapters/duckdb/lake.ts';
import { openLakeProcess } from '../adapters/duckdb/lake-process.ts';
import { openQueryEngine } from '../adapters/duckdb/query-engine.ts';
import { removeCopies, SPILL } from '../adapters/duckdb/readable-file.ts';
import { makeFolder, PRIVATE_FILE, PRIVATE_FOLDER } from '../adapters/file-system/durable.ts';
import { openObjectStore } from '../adapters/file-system/object-store.ts';
import type { AlertStore } from '../adapters/sqlite/alert-store.ts';
import type { openLiveStore } from '../adapters/sqlite/live-store.ts';
import { counted } from '../core/format.ts';
import { FOLDERS } from '../core/object-keys.ts';
import type { AnswerEngine } from '../core/ports/answer-engine.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { StatementLimits } from '../flows/catch-up.ts';
import { restoreIncidents } from '../flows/restore-incidents.ts';
import { restoreRecoveries } from '../flows/restore-recoveries.ts';
import prelude from '../sql/duckdb-prelude.sql';
import { openSoundAlerts, openSoundLake, openSoundLive } from './damaged-files.ts';
import { PLAIN_LIMITS } from './statement-limits.ts';

/** What stands for what on a laptop. Read it beside `aws/ports.ts`. */
export interface LocalPorts {
  readonly clock: Clock;
  /** S3 on AWS; files here. */
  readonly store: ObjectStore;
  /** DynamoDB on AWS; SQLite here. */
  readonly live: ReturnType<typeof openLiveStore>;
  /** Athena on AWS; DuckDB here. */
  readonly engine: QueryEngine;
  readonly answers: AnswerEngine;
  /** DynamoDB on AWS; SQLite here, in a file that a rebuild leaves alone. */
  readonly alertStore: AlertStore;
  readonly limits: StatementLimits;
  /** A statement costs nothing here. */
  readonly notesChanges: true;
  /** What `engine` and `answers` share: the process that owns the file. */
  readonly lake: Lake;
}

/**
 * Opens the adapters over a folder, and makes what is missing in it. The tables first: their engine admits one process, so
 * from then on the folder is certainly this one's.
 */
export async function openPorts(
  dir: string,
  memoryLimitMb?: number,
  onNotice: (text: string) => void = () => undefined,
): Promise<LocalPorts> {
  for (const folder of [FOLDERS.raw, FOLDERS.rejected, FOLDERS.oversize, SPILL]) makeFolder(join(dir, folder));
  removeCopies(join(dir, SPILL));
  const options = { path: join(dir, 'lake.duckdb'), root: dir, prelude, memoryLimitMb };
  const lake = await openSoundLake(options, () => openLakeProcess(options), onNotice);
  const ports = {
    clock: systemClock,
    store: openObjectStore(dir),
    live: openSoundLive(join(dir, 'live.sqlite'), onNotice),
    engine: await openQueryEngine(lake),
    answers: lake,
    alertStore: openSoundAlerts(join(dir, ALERTS_FILE), onNotice),
    limits: PLAIN_LIMITS,
    notesChanges: true as const,
    lake,
  };
  makePrivate(dir);
  if (ports.alertStore.isNew) await restoreAlerts(ports, onNotice);
  return ports;
}

const ALERTS_FILE = 'alerts.sqlite';

/** A store of incidents that is gone, or was damaged and moved away, is built again from the log of them. */
async function restoreAlerts(
  { store, alertStore }: Pick<LocalPorts, 'store' | 'alertStore'>,
  onNotice: (text: string) => void,
): Promise<void> {
  const { incidents } = await restoreIncidents({ store, ...alertStore });
  const recoveries = await restoreRecoveries(store, alertStore.recoveries);
  if (recoveries > 0)
    onNotice(
      `the store of recoveries was missing: ${counted(recoveries, 'slot')} came back from the log; starts that were planned are left to people`,
    );
  if (incidents > 0)
    onNotice(`the store of incidents was missing: ${counted(incidents, 'incident')} came back from the log`);
}

/** Engines make their files as the umask says, and an older version made all of them so. */
function makePrivate(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(dir, entry.name), PRIVATE_FOLDER);
    else if (entry.isFile()) chmodSync(join(dir, entry.name), PRIVATE_FILE);
  }
}
