import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../adapters/clock.ts';
import { answerEngine } from '../adapters/duckdb/answer-engine.ts';
import { type Database, openDatabase } from '../adapters/duckdb/database.ts';
import { openQueryEngine } from '../adapters/duckdb/query-engine.ts';
import { removeCopies, SPILL } from '../adapters/duckdb/readable-file.ts';
import { makeFolder, PRIVATE_FILE, PRIVATE_FOLDER } from '../adapters/file-system/durable.ts';
import { openObjectStore } from '../adapters/file-system/object-store.ts';
import type { openLiveStore } from '../adapters/sqlite/live-store.ts';
import { FOLDERS } from '../core/object-keys.ts';
import type { AnswerEngine } from '../core/ports/answer-engine.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { StatementLimits } from '../flows/catch-up.ts';
import type { EvaluatePorts } from '../flows/evaluate.ts';
import { openSoundLake, openSoundLive } from './damaged-files.ts';
import { NO_ALERTS } from './no-alerts.ts';
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
  /** EventBridge and DynamoDB on AWS; nothing here. */
  readonly alerts: EvaluatePorts;
  readonly limits: StatementLimits;
  readonly database: Database;
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
  // DuckDB refuses a glob that finds nothing.
  writeFileSync(join(dir, FOLDERS.rejected, 'none.ndjson'), '', { mode: PRIVATE_FILE });
  const lake = { path: join(dir, 'lake.duckdb'), root: dir, memoryLimitMb };
  const database = await openSoundLake(lake, () => openDatabase(lake), onNotice);
  const ports = {
    clock: systemClock,
    store: openObjectStore(dir),
    live: openSoundLive(join(dir, 'live.sqlite'), onNotice),
    engine: await openQueryEngine(database),
    answers: answerEngine(database),
    alerts: NO_ALERTS,
    limits: PLAIN_LIMITS,
    database,
  };
  makePrivate(dir);
  return ports;
}

/** Engines make their files as the umask says, and an older version made all of them so. */
function makePrivate(dir: string): void {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(dir, entry.name), PRIVATE_FOLDER);
    else if (entry.isFile()) chmodSync(join(dir, entry.name), PRIVATE_FILE);
  }
}
