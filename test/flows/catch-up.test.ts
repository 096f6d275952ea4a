import { expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { tracked } from '../../core/objects/object-change.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { type CatchUpPorts, catchUp } from '../../flows/catch-up.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';
import { aStore } from '../fakes/object-store.ts';

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

const nowhere = {} as { send: () => Promise<never> };
const portsOf = (engine: QueryEngine, live: LiveStore): CatchUpPorts => ({
  engine,
  live,
  store: aStore(),
  sink: nowhere,
  clock: { now: () => NOW },
  limits: { compactBytes: 100, summarizeBytes: 100 },
});

/** A live store with one object, tracked, of a run that has fallen silent since. */
async function aSilentLedger(): Promise<LiveStore> {
  const live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  const silent = anEvent({ run_id: 'silent', event_time: '2025-11-03T12:00:00.000Z', lease_ms: 60_000 });
  const dates = await trackRuns(live, foldRuns([silent]));
  await live.recordObjects([{ object: OBJECT, lines: 1, size_bytes: 1 }]);
  await live.changeObjects([OBJECT], tracked({ ...dates, event_dates: ['2025-11-03'] }, 0));
  return live;
}

test('what is tracked reaches every table, and a silent run the metrics, once', async () => {
  const live = await aSilentLedger();
  // Its day was recomputed before it fell silent.
  const { engine, asked } = anEngine();
  await catchUp(portsOf(engine, live));

  expect((await live.summary()).objects).toMatchObject({ tracked: 0, compacted: 0, summarized: 1 });
  expect(asked.map(([name]) => name)).toEqual([
    'compact_events',
    'count_lines',
    'summarize_runs',
    'summarize_steps',
    'record_changes',
    'aggregate_metrics',
  ]);
  expect(asked.at(-1)).toEqual(['aggregate_metrics', ['2025-11-03']]);
  expect(await live.dueRuns(NOW, 10)).toEqual([]);

  asked.length = 0;
  await catchUp(portsOf(engine, live));
  expect(
    asked.map(([name]) => name),
    'nothing else is due',
  ).toEqual([]);
});

test('it stops between two takes; the next call goes on', async () => {
  const live = await aSilentLedger();
  const { engine, asked } = anEngine();
  let takes = 0;
  await catchUp(portsOf(engine, live), () => takes++ > 0);
  expect(asked.map(([name]) => name)).toEqual(['compact_events', 'count_lines']);
  await catchUp(portsOf(engine, live));
  expect(asked.slice(2).map(([name]) => name)).toEqual([
    'summarize_runs',
    'summarize_steps',
    'record_changes',
    'aggregate_metrics',
  ]);
});
