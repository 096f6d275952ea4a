import { setTimeout } from 'node:timers/promises';
import type { DuckDBConnection, DuckDBPendingResult, DuckDBResultReader } from '@duckdb/node-api';
import bindings, { type PendingResult, type PendingState } from '@duckdb/node-bindings';

const LOOK_EVERY_MS = 2;

/**
 * Runs one statement on DuckDB's own threads and looks now and then whether it is done. `connection.run` takes part in
 * the work instead, and while the other threads have all there is to do it asks for more without a pause: that took up
 * to a third of the time a batch of events costs, from the threads that accept the next one.
 */
export async function runAside(connection: DuckDBConnection, sql: string): Promise<DuckDBResultReader> {
  const prepared = await connection.prepare(sql);
  try {
    const pending = prepared.start();
    while (!isOver(stateOf(pending))) await setTimeout(LOOK_EVERY_MS);
    return await pending.readAll();
  } finally {
    prepared.destroySync();
  }
}

/** Reading it throws what failed. */
const isOver = (state: PendingState): boolean =>
  state === bindings.PendingState.RESULT_READY || state === bindings.PendingState.ERROR;

/** The API offers only to run a task, in this thread; to look at the state, its binding has to be asked. */
const stateOf = (pending: DuckDBPendingResult): PendingState =>
  bindings.pending_execute_check_state((pending as unknown as { pending_result: PendingResult }).pending_result);
