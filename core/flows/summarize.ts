import { OBJECTS_PER_STATEMENT, statementsFor } from '../../sql/statements.ts';
import type { LiveStore, ObjectRecord, QueryEngine } from '../ports.ts';

/**
 * Re-derives exactly the runs and steps that the compacted objects touched, from the dates recorded for them, and
 * makes the days they started on due for their metrics. Returns how many objects it took.
 */
export async function summarizeRuns(engine: QueryEngine, live: LiveStore, maxBytes: number): Promise<number> {
  const objects = await live.objectsAt('compacted', { maxBytes, maxObjects: OBJECTS_PER_STATEMENT });
  if (objects.length === 0) return 0;
  const statements = statementsFor(engine.dialect);
  const values = {
    objects: objects.map(({ object }) => object),
    event_dates: union(objects, 'event_dates'),
    log_dates: union(objects, 'log_dates'),
    run_dates: union(objects, 'run_dates'),
  };
  await engine.query(statements.summarizeSteps, values);
  await engine.query(statements.summarizeRuns, values);
  await live.addDueDays(values.run_dates);
  await live.markSummarized(values.objects);
  return objects.length;
}

const union = (objects: readonly ObjectRecord[], field: 'event_dates' | 'log_dates' | 'run_dates'): readonly string[] =>
  [...new Set(objects.flatMap((object) => object[field]))].sort();
