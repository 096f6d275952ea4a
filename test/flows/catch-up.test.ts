import { expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { tracked } from '../../core/objects/object-change.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { catchUp } from '../../flows/catch-up.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';

const NOW = '2025-11-05T00:00:00.000Z';
const OBJECT = 'raw/dt=2025-11-03/hh=12/one.ndjson';

/** An engine that counts every line as new, and records what it was asked. */
function anEngine() {
  const asked: [string, unknown][] = [];
  const engine: QueryEngine = {
    dialect: 'trino',
    migrate: async () => [],
    query: async (query, values) => {
      asked.push([query.name, 'run_dates' in values ? values.run_dates : undefined]);
      const counts = { object: OBJECT, lines: 1, inserted: 1, duplicates: 0, unreadable: 0, unaccepted: 0 };
      return (query.name === 'count_lines' ? [counts] : []) as never;
    },
  };
  return { engine, asked };
}

const nowhere = {} as ObjectStore & { send: () => Promise<never> };

test('what is tracked reaches every table, and a silent run the metrics; it stays to be told of', async () => {
  const live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  const silent = anEvent({ run_id: 'silent', event_time: '2025-11-03T12:00:00.000Z', lease_ms: 60_000 });
  const dates = await trackRuns(live, foldRuns([silent]));
  await live.recordObjects([{ object: OBJECT, lines: 1, size_bytes: 1 }]);
  await live.changeObjects([OBJECT], tracked({ event_dates: ['2025-11-03'], ...dates }));
  // Its day was recomputed before it fell silent.
  const { engine, asked } = anEngine();
  await catchUp({ engine, live, store: nowhere, sink: nowhere, clock: { now: () => NOW } });

  expect((await live.summary()).objects).toMatchObject({ tracked: 0, compacted: 0, summarized: 1 });
  expect(asked.map(([name]) => name)).toEqual([
    'compact_events',
    'count_lines',
    'summarize_steps',
    'summarize_runs',
    'aggregate_metrics',
  ]);
  expect(asked.at(-1)).toEqual(['aggregate_metrics', ['2025-11-03']]);
  expect((await live.dueRuns(NOW, 10)).map(({ run_id }) => run_id)).toEqual(['silent']);

  asked.length = 0;
  await catchUp({ engine, live, store: nowhere, sink: nowhere, clock: { now: () => NOW } });
  expect(
    asked.map(([name]) => name),
    'nothing else is due',
  ).toEqual(['aggregate_metrics']);
});
