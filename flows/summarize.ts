import type { ObjectRecord } from '../core/objects/data-object.ts';
import { summarized } from '../core/objects/object-change.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { EVERY_DAY, OBJECTS_PER_STATEMENT, statementsFor } from '../sql/statements.ts';
import { withTodaysDates } from './track-object.ts';

/** What summarizing reads, writes and marks. */
export interface SummarizePorts {
  readonly engine: QueryEngine;
  readonly live: LiveStore;
  readonly store: ObjectStore;
}

/**
 * Re-derives exactly the runs and steps that the compacted objects touched, from the dates recorded for them, and
 * makes the days they started on due for their metrics. Takes objects of `maxBytes` together, as they are stored, but
 * at least one. Returns their keys; none when nothing was due.
 */
export async function summarizeRuns(
  { engine, live, store }: SummarizePorts,
  maxBytes: number,
): Promise<readonly string[]> {
  const compacted = await live.objectsAt('compacted', { maxBytes, ...OBJECTS_PER_STATEMENT });
  if (compacted.length === 0) return [];
  const objects = await withTodaysDates(store, live, compacted);
  const statements = statementsFor(engine.dialect);
  const values = {
    objects: objects.map(({ object }) => object),
    event_dates: union(objects, 'event_dates'),
    log_dates: union(objects, 'log_dates'),
    run_dates: union(objects, 'run_dates'),
  };
  for (const days of spansOf(values.run_dates)) {
    await engine.query(statements.summarizeRuns, { ...values, ...days });
    await engine.query(statements.summarizeSteps, { ...values, ...days });
  }
  await live.addDueDays(values.run_dates);
  await live.changeObjects(values.objects, summarized);
  return values.objects;
}

/** Partitions a statement may write to: an engine keeps a file open for each, at most 100. */
const MAX_RUN_DATES = 50;

/** Consecutive spans of time, each with at most MAX_RUN_DATES of the dates. Every day lies in exactly one of them. */
function spansOf(run_dates: readonly string[]) {
  const firsts = run_dates.filter((_, at) => at > 0 && at % MAX_RUN_DATES === 0);
  return [undefined, ...firsts].map((first, at) => ({
    from: first === undefined ? EVERY_DAY.from : [first],
    before: firsts.slice(at, at + 1).length === 0 ? EVERY_DAY.before : firsts.slice(at, at + 1),
  }));
}

const union = (objects: readonly ObjectRecord[], field: 'event_dates' | 'log_dates' | 'run_dates'): readonly string[] =>
  [...new Set(objects.flatMap((object) => object[field]))].sort();
