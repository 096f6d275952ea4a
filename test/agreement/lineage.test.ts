import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runKeyOf } from '../../core/run/run.ts';
import type { Columns } from '../../core/schema/column-type.ts';
import { VIEWS } from '../../core/schema/columns.ts';
import type { Event } from '../../core/schema/event.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { derive, insertLines } from './derive.ts';
import { histories } from './histories.ts';
import { openTestLake, type TestLake } from './lake.ts';

const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
/** What a pipeline usually sends: events that name the same, one after the other. */
const plain = (['09:00:00.000', '10:30:00.500'] as const).map(
  (at, index): Event => ({
    event_key: String(index).repeat(32),
    event_date: '2025-11-03',
    event_time: `2025-11-03T${at}Z`,
    received_at: `2025-11-03T${at}Z`,
    environment: 'prod',
    process_name: 'daily',
    run_id: 'plain',
    event_id: `plain-${index}`,
    event_type: 'METRIC',
    run_attempt: 1,
    input_sources: [{ type: 's3', path: 's3://a' }],
    output_targets: [{ type: 'delta', path: 's3://b' }],
  }),
);
const sample = [...histories(500, seed), plain];

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
  await insertLines(lake, sample.flat());
});
afterAll(() => lake.close());

const columns: Columns = Object.fromEntries(VIEWS.map((view) => [view.name, view.columns])).lineage_edges ?? {};
const edges = defineQuery({ name: 'edges', text: 'select * from lineage_edges', parameters: {}, columns });

const storedEdges = async (change?: (text: string) => string): Promise<readonly string[]> => {
  await derive(lake.engine, change);
  return (await lake.engine.query(edges, {})).map(({ run_date: _, ...edge }) => textOf(edge)).sort();
};
const textOf = (edge: object): string => JSON.stringify(Object.entries(edge).sort(([a], [b]) => (a < b ? -1 : 1)));

/** Every source with a path that any event of a run names, with every such target and the last time it was named. */
function toldEdges(events: readonly Event[]): readonly string[] {
  return [...Map.groupBy(events, runKeyOf).values()].flatMap((own) => {
    const [first] = own;
    const sources = new Map<string, { type: string | null; path: string }>();
    const targets = new Map<string, { type: string | null; path: string; written_at: string }>();
    for (const { event_time, input_sources = [], output_targets = [] } of own) {
      for (const { type = null, path } of input_sources)
        if (path !== undefined) sources.set(JSON.stringify([type, path]), { type, path });
      for (const { type = null, path } of output_targets) {
        if (path === undefined) continue;
        const key = JSON.stringify([type, path]);
        const before = targets.get(key)?.written_at ?? '';
        targets.set(key, { type, path, written_at: before > event_time ? before : event_time });
      }
    }
    return [...sources.values()].flatMap((source) =>
      [...targets.values()].map((target) =>
        textOf({
          environment: first?.environment,
          process_name: first?.process_name,
          run_id: first?.run_id,
          source_type: source.type,
          source_path: source.path,
          target_type: target.type,
          target_path: target.path,
          written_at: target.written_at,
        }),
      ),
    );
  });
}

test('the edges that are kept with the runs are those that the events tell', async () => {
  expect(await storedEdges(), `seed ${seed}`).toEqual([...toldEdges(sample.flat())].sort());
});

describe('a single rule of lineage changed is caught', () => {
  test.each([
    {
      rule: 'a source is kept once',
      from: 'array_distinct(flatten(array_agg(sources) filter (where sources is not null)))',
      to: 'flatten(array_agg(sources) filter (where sources is not null))',
    },
    {
      rule: 'of a target, the last event counts',
      from: "'written_at': last_told_at",
      to: "'written_at': first_event_at",
    },
    { rule: 'a target is kept once', from: 'lambda d, place: place = len(targets) or', to: 'lambda d, place: true or' },
    {
      rule: 'one path of two types is two targets',
      from: ' or targets[place + 1].type <> d.type',
      to: '',
    },
    {
      rule: 'events that name other targets are told apart',
      from: 'e.targets end as targets',
      to: 'null end as targets',
    },
  ])('$rule', async ({ from, to }) => {
    let found = 0;
    const changed = await storedEdges((text) => {
      if (text.includes(from)) found += 1;
      return text.replaceAll(from, to);
    });
    expect(found, 'the rule stands in the SQL').toBeGreaterThan(0);
    expect(changed, `seed ${seed}`).not.toEqual([...toldEdges(sample.flat())].sort());
  });
});
