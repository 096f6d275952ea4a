import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../adapters/clock.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { compacted, tracked } from '../../core/objects/object-change.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { summarizeRuns } from '../../flows/summarize.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { insertLines } from '../agreement/derive.ts';
import { openTestLake, type TestLake } from '../agreement/lake.ts';
import { anEvent } from '../factories.ts';
import { aStore } from '../fakes/object-store.ts';

const OBJECT = 'raw/dt=2025-11-05/hh=00/one.ndjson';
const days = Array.from({ length: 150 }, (_, day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10));

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
});
afterAll(() => lake.close());

test('runs of 150 days are derived by statements of fifty days at most, each run by one of them', async () => {
  await insertLines(
    lake,
    days.map((day) => anEvent({ run_id: day, event_time: `${day}T12:00:00.000Z`, step_name: 'load' })),
  );
  const live = openLiveStore(':memory:');
  await live.recordObjects([{ object: OBJECT, lines: 150, size_bytes: 1 }]);
  await live.changeObjects([OBJECT], tracked({ event_dates: days, log_dates: days, run_dates: days }, 0));
  await live.changeObjects(
    [OBJECT],
    compacted([{ object: OBJECT, lines: 150, inserted: 150, duplicates: 0, unreadable: 0, unaccepted: 0 }]),
  );

  const written: number[] = [];
  const engine: QueryEngine = {
    ...lake.engine,
    query: async (query, values) => {
      const rows = await lake.engine.query(query, values);
      written.push(await countRuns(lake.engine));
      return rows;
    },
  };
  expect(await summarizeRuns({ engine, live, store: aStore(), clock: systemClock }, 1)).toEqual([OBJECT]);
  expect(written).toEqual([50, 50, 50, 100, 100, 100, 150, 150, 150]);
  expect((await live.dueDays(200)).length).toBe(150);
  await live.close();
});

async function countRuns(engine: QueryEngine): Promise<number> {
  const [row] = await engine.query(
    defineQuery({
      name: 'count_runs',
      text: 'select cast(count(*) as bigint) as n from pipeline_run_state',
      parameters: {},
      columns: { n: { type: 'bigint', comment: 'rows' } },
    }),
    {},
  );
  return row?.n ?? 0;
}
