import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../adapters/clock.ts';
import type { Lake } from '../adapters/duckdb/lake.ts';
import { openLakeProcess } from '../adapters/duckdb/lake-process.ts';
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
import prelude from '../sql/duckdb-prelude.sql';
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
  /** What `engine` and `answers` share: the process that owns the file. */
  readonly lake: Lake;
}

/** Opens the adapters over a folder, and makes what is missing in it. */
export async function openPorts(dir: string, memoryLimitMb?: number): Promise<LocalPorts> {
  for (const folder of [FOLDERS.raw, FOLDERS.rejected, FOLDERS.oversize])
    mkdirSync(join(dir, folder), { recursive: true });
  // DuckDB refuses a glob that finds nothing.
  writeFileSync(join(dir, FOLDERS.rejected, 'none.ndjson'), '');
  const lake = await openLakeProcess({ path: join(dir, 'lake.duckdb'), root: dir, prelude, memoryLimitMb });
  return {
    clock: systemClock,
    store: openObjectStore(dir),
    live: openLiveStore(join(dir, 'live.sqlite')),
    engine: await openQueryEngine(lake),
    answers: lake,
    alerts: NO_ALERTS,
    limits: PLAIN_LIMITS,
    lake,
  };
}
