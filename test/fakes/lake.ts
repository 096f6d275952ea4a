import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { eventsOf } from '../../flows/landed-events.ts';

/** A lake in memory: which events are in the log, and which of their runs are in the tables. */
export interface FakeLake extends QueryEngine {
  /** Every row of the log, by event_key: an insert that is done twice would show. */
  readonly log: string[];
  /** The run ids that were summarized. */
  readonly summarized: Set<string>;
  /** The days whose metrics were computed. */
  readonly aggregated: Set<string>;
}

/** Takes lines from the store as the SQL does: each event once, whatever is repeated. */
export function aLake(store: ObjectStore): FakeLake {
  const log: string[] = [];
  const objectOf = new Map<string, string>();
  const runsOf = new Map<string, Set<string>>();
  const summarized = new Set<string>();
  const aggregated = new Set<string>();
  const insert = async (object: string): Promise<void> => {
    const runs = runsOf.get(object) ?? new Set();
    runsOf.set(object, runs);
    for (const { event_key, run_id } of eventsOf(await store.get(object))) {
      runs.add(run_id);
      if (objectOf.has(event_key)) continue;
      objectOf.set(event_key, object);
      log.push(event_key);
    }
  };
  const countOf = async (object: string) => {
    const keys = eventsOf(await store.get(object)).map(({ event_key }) => event_key);
    const inserted = new Set(keys.filter((key) => objectOf.get(key) === object)).size;
    return { object, lines: keys.length, inserted, duplicates: keys.length - inserted, unreadable: 0, unaccepted: 0 };
  };
  return {
    dialect: 'trino',
    log,
    summarized,
    aggregated,
    migrate: async () => [],
    query: async (query, values) => {
      const { objects = [], run_dates = [] } = values as { objects?: readonly string[]; run_dates?: readonly string[] };
      if (query.name === 'compact_events') for (const object of objects) await insert(object);
      if (query.name === 'count_lines') return (await Promise.all(objects.map(countOf))) as never;
      if (query.name === 'summarize_runs')
        for (const object of objects) for (const run of runsOf.get(object) ?? []) summarized.add(run);
      if (query.name === 'aggregate_metrics') for (const day of run_dates) aggregated.add(day);
      return [];
    },
  };
}
