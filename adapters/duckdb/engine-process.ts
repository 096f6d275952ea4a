import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorMessage } from '../../core/error-message.ts';
import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { type Database, type DatabaseOptions, openDatabase } from './database.ts';
import type { FromEngine, ToEngine } from './engine-protocol.ts';
import { type Lake, lakeOf } from './lake.ts';
import { processLimitMb } from './process-limit.ts';

/**
 * Owns the DuckDB file, in a process of its own: a question that no interrupt stops, or that takes memory no limit of
 * DuckDB's binds, is ended with this process, and its memory is back.
 */
const MEMORY_CHECK_MS = 50;
/** So much more than was left: then there is something to give back. */
const FREED_BYTES = 128 * 1024 * 1024;
const ROWS_TEXT_LENGTH = 128 * 1024;
/** The owner before this one may be dying still. */
const OPEN_PAUSE_MS = 100;
const MAX_OPEN_PAUSES = 100;

let lake: Lake | undefined;
let database: Database | undefined;
/** What the process held when memory was last given back. */
let leftBytes = 0;
const end = (): void => void process.kill(process.pid, 'SIGKILL');

process.on('message', (message: ToEngine) => void answer(message));
// The parent is gone, in whatever way: the file is free for the next one.
process.on('disconnect', end);
// Ctrl-C reaches the whole group; the parent closes the file when it is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
goFirst();

async function answer(message: ToEngine): Promise<void> {
  const { id } = message;
  try {
    await tell({ kind: 'done', id, answer: await handle(message) });
    await giveBack();
  } catch (error) {
    const said = errorMessage(error);
    await tell({ kind: 'failed', id, message: said, isRefused: error instanceof QueryRejectedError });
    // DuckDB refuses everything after a fatal error; the next process begins anew.
    if (/FATAL Error|has been invalidated/.test(said)) end();
  }
}

async function handle(message: ToEngine): Promise<Extract<FromEngine, { kind: 'done' }>['answer']> {
  if (message.kind === 'open') {
    database = await openOnceFree(message.options);
    lake = lakeOf(database);
    watchMemory(processLimitMb(message.options.memoryLimitMb));
    return undefined;
  }
  if (lake === undefined) throw new Error(`expected open first, got ${message.kind}`);
  switch (message.kind) {
    case 'run':
      await tellRows(message.id, await lake.run(message.schema, message.statements));
      return undefined;
    case 'ask': {
      const { rows, ...rest } = await lake.answer(message.sql, message.limits);
      await tellRows(message.id, rows);
      return rest;
    }
    case 'close':
      database = undefined;
      await lake.close();
      return undefined;
  }
}

/** Once much has been freed; a small statement leaves nothing to give back. */
async function giveBack(): Promise<void> {
  if (process.memoryUsage.rss() - leftBytes < FREED_BYTES) return;
  await database?.giveBack();
  leftBytes = process.memoryUsage.rss();
}

async function openOnceFree(options: DatabaseOptions): Promise<Database> {
  for (let pauses = 0; ; pauses++) {
    try {
      return await openDatabase(options);
    } catch (error) {
      if (pauses === MAX_OPEN_PAUSES || !/set lock|used by another process/.test(errorMessage(error))) throw error;
    }
    await sleep(OPEN_PAUSE_MS);
  }
}

async function tellRows(id: number, rows: readonly unknown[]): Promise<void> {
  let texts: string[] = [];
  let length = 0;
  const tellSome = async (): Promise<void> => {
    if (texts.length > 0) await tell({ kind: 'rows', id, json: `[${texts.join(',')}]` });
    texts = [];
    length = 0;
  };
  for (const row of rows) {
    const text = JSON.stringify(row);
    texts.push(text);
    length += text.length;
    if (length >= ROWS_TEXT_LENGTH) await tellSome();
  }
  await tellSome();
}

/** Resolves once it is written, so that what waits to be sent stays small. */
const tell = (message: FromEngine): Promise<void> =>
  new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));

/** Scalar functions allocate beside DuckDB's own limit, at gigabytes a second. */
function watchMemory(limitMb: number): void {
  setInterval(() => {
    if (process.memoryUsage.rss() > limitMb * 1_000_000) end();
  }, MEMORY_CHECK_MS);
}

/** Where the whole machine is short of memory, Linux ends this process before its parent. */
function goFirst(): void {
  try {
    if (process.platform === 'linux') writeFileSync('/proc/self/oom_score_adj', '500');
  } catch {
    // A container may not allow it: then the kernel chooses by size.
  }
}
