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
import type { StatementLimits } from '../flows/catch-up.ts';
import type { EvaluatePorts } from '../flows/evaluate.ts';
import { NO_ALERTS } from './no-alerts.ts';
import { PLAIN_LIMITS } from './statement-limits.ts';

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
  /** EventBridge and DynamoDB on AWS; nothing here. */
  readonly alerts: EvaluatePorts;
  readonly limits: StatementLimits;
  readonly database: Database;
}

/** Opens the adapters over a folder, and makes what is missing in it. */
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
    alerts: NO_ALERTS,
    limits: PLAIN_LIMITS,
    database,
  };
}
