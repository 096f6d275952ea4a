import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../adapters/clock.ts';
import { answerEngine } from '../adapters/duckdb/answer-engine.ts';
import { type Database, openDatabase } from '../adapters/duckdb/database.ts';
import { openQueryEngine } from '../adapters/duckdb/query-engine.ts';
import { openObjectStore } from '../adapters/file-system/object-store.ts';
import { openLiveStore } from '../adapters/sqlite/live-store.ts';
import { FOLDERS } from '../core/object-keys.ts';
import type { AnswerEngine } from '../core/ports/answer-engine.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';

/** What stands for what on a laptop. Read it beside `aws/ports.ts`. */
export interface LocalPorts {
  readonly clock: Clock;
  /** S3 on AWS; files here. */
  readonly store: ObjectStore;
  /** DynamoDB on AWS; SQLite here. */
  readonly live: LiveStore;
  /** Athena on AWS; DuckDB here. */
  readonly engine: QueryEngine;
  readonly answers: AnswerEngine;
  readonly database: Database;
}

export async function openPorts(dir: string, memoryLimitMb?: number): Promise<LocalPorts> {
  for (const folder of [FOLDERS.raw, FOLDERS.rejected, FOLDERS.oversize])
    mkdirSync(join(dir, folder), { recursive: true });
  // DuckDB refuses a glob that finds nothing.
  writeFileSync(join(dir, FOLDERS.rejected, 'none.ndjson'), '');
  const database = await openDatabase({ path: join(dir, 'lake.duckdb'), root: dir, memoryLimitMb });
  return {
    clock: systemClock,
    store: openObjectStore(dir),
    live: openLiveStore(join(dir, 'live.sqlite')),
    engine: await openQueryEngine(database),
    answers: answerEngine(database),
    database,
  };
}
