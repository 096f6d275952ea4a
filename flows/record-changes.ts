import * as z from 'zod';
import { RUN_CHANGES_KEY } from '../core/object-keys.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { runChangeStatements } from '../sql/run-changes.ts';
import { EVERY_DAY, statementsFor } from '../sql/statements.ts';
import { storedJson } from './stored-json.ts';

export interface ChangePorts {
  readonly engine: QueryEngine;
  readonly store: Pick<ObjectStore, 'get' | 'put'>;
  readonly clock: Clock;
}

/** Partitions a statement may write to: an engine keeps a file open for each, at most 100. */
const MAX_RUN_DATES = 50;

/** Some of the days: from the first on, until before the other. */
export interface Span {
  readonly from: readonly string[];
  readonly before: readonly string[];
}

/** Consecutive spans of time, each with at most MAX_RUN_DATES of the dates. Every day lies in exactly one of them. */
export function spansOf(run_dates: readonly string[]): readonly Span[] {
  const firsts = run_dates.filter((_, at) => at > 0 && at % MAX_RUN_DATES === 0);
  return [undefined, ...firsts].map((first, at) => ({
    from: first === undefined ? EVERY_DAY.from : [first],
    before: firsts.slice(at, at + 1).length === 0 ? EVERY_DAY.before : firsts.slice(at, at + 1),
  }));
}

/**
 * Writes down what became of the runs of a span since it was last written down. `run_dates` are the days on which their
 * rows stood and stand. Safe to repeat.
 */
export async function recordChanges(
  { engine, store, clock }: ChangePorts,
  run_dates: readonly string[],
  span: Span,
): Promise<void> {
  const known_number = await knownNumber(store);
  await engine.query(statementsFor(engine.dialect).recordChanges, {
    run_dates,
    ...span,
    known_number,
    now: clock.now(),
  });
}

/** The same for all runs there are and were, after their table was put in place of another. */
export async function recordAllChanges({ engine, store, clock }: ChangePorts): Promise<void> {
  const { daysOfRuns, recordAllChanges: all } = runChangeStatements(engine.dialect);
  const days = (await engine.query(daysOfRuns, {})).flatMap(({ run_date }) => run_date ?? []);
  const known_number = await knownNumber(store);
  for (const span of spansOf(days)) await engine.query(all, { ...span, known_number, now: clock.now() });
}

/**
 * Notes the number of the last change, so that the next one is found without reading all of them, and so that no number is
 * given twice when the table is lost or its rows expire.
 */
export async function noteLastChange({ engine, store }: Omit<ChangePorts, 'clock'>): Promise<void> {
  const known_number = await knownNumber(store);
  const [row] = await engine.query(runChangeStatements(engine.dialect).lastNumber, { known_number });
  const number = row?.number ?? known_number;
  if (number > known_number) await store.put(RUN_CHANGES_KEY, JSON.stringify({ number }));
}

const noted = z.object({ number: z.int().nonnegative() });

const knownNumber = async (store: Pick<ObjectStore, 'get'>): Promise<number> =>
  (await storedJson(store, RUN_CHANGES_KEY, noted))?.number ?? 0;
