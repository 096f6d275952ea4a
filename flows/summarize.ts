import type { ObjectRecord } from '../core/objects/data-object.ts';
import { summarized } from '../core/objects/object-change.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { OBJECTS_PER_STATEMENT, statementsFor } from '../sql/statements.ts';
import { noteLastChange, recordChanges, spansOf } from './record-changes.ts';
import { withTodaysDates } from './track-object.ts';

/** What summarizing reads, writes and marks. */
export interface SummarizePorts {
  readonly engine: QueryEngine;
  readonly live: LiveStore;
  readonly store: ObjectStore;
  readonly clock: Clock;
  /** Shadow tables have no changes of their own. Default: the changes of runs are written down. */
  readonly withoutChanges?: boolean | undefined;
  /** A query more costs nothing: each turn notes the number of its last change, so that tables that are lost go on above it. */
  readonly notesChanges?: boolean | undefined;
}

/**
 * Re-derives exactly the runs and steps that the compacted objects touched, from the dates recorded for them, and
 * makes the days they started on due for their metrics. What became of runs is written down in the same turn. Takes objects of `maxBytes` together, as they are stored, but
 * at least one. Returns their keys; none when nothing was due.
 */
export async function summarizeRuns(ports: SummarizePorts, maxBytes: number): Promise<readonly string[]> {
  const { engine, live, store } = ports;
  const compacted = await live.objectsAt('compacted', { maxBytes, ...OBJECTS_PER_STATEMENT });
  if (compacted.length === 0) return [];
  const objects = await withTodaysDates(store, live, compacted);
  // Objects that brought nothing but copies change no run.
  const hasNews = objects.some(({ counts }) => counts?.inserted !== 0);
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
    if (hasNews && !ports.withoutChanges) await recordChanges(ports, values.run_dates, days);
  }
  if (hasNews && ports.notesChanges) await noteLastChange(ports);
  await live.addDueDays(values.run_dates);
  await live.changeObjects(values.objects, summarized);
  return values.objects;
}

const union = (objects: readonly ObjectRecord[], field: 'event_dates' | 'log_dates' | 'run_dates'): readonly string[] =>
  [...new Set(objects.flatMap((object) => object[field]))].sort();
