import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aRun, type Cells, keptLake } from './kept.ts';

const { keep, ask } = keptLake();

/** A run of a pipeline that reads and writes these. */
const madeOf = (pipeline: string, reads: readonly string[], writes: readonly string[]): Cells =>
  aRun(`${pipeline} 1`, 60, {
    process_name: pipeline,
    input_sources: reads.map((path) => ({ type: '', path })),
    output_targets: writes.map((path) => ({ type: 'delta', path, written_at: '2026-11-30T11:00:00.000Z' })),
  });

test('lineage: down, up and both ways, each edge once, at its least distance', async () => {
  await keep([
    madeOf('ingest', ['raw'], ['bronze']),
    madeOf('clean', ['bronze'], ['silver']),
    madeOf('report', ['silver', 'bronze'], ['gold']),
    // A cycle, and a table that is made of itself.
    madeOf('feedback', ['gold'], ['bronze']),
    madeOf('merge', ['silver'], ['silver']),
  ]);
  const edges = async (given: Readonly<Record<string, string>>) =>
    (await ask('lineage', given)).map(
      (row) => `${row.depth} ${row.source_path}>${row.target_path} ${row.process_name}`,
    );
  expect(await edges({ table: 'raw' })).toEqual([
    '1 raw>bronze ingest',
    '2 bronze>gold report',
    '2 bronze>silver clean',
    '3 gold>bronze feedback',
    '3 silver>gold report',
    '3 silver>silver merge',
  ]);
  expect(await edges({ table: 'silver', direction: 'up', depth: '2' })).toEqual([
    ...['1 bronze>silver clean', '1 silver>silver merge', '2 gold>bronze feedback', '2 raw>bronze ingest'],
  ]);
  expect(await edges({ table: 'gol?', direction: 'both', depth: '1' })).toEqual([
    ...['1 gold>bronze feedback', '1 bronze>gold report', '1 silver>gold report'],
  ]);
  expect(await edges({})).toHaveLength(6);
  expect(await edges({ table: 'none' })).toEqual([]);
});

test('stale-if-late: the tables after what a pipeline writes, and who reads them, whatever they write', async () => {
  await keep([
    madeOf('ingest', ['raw'], ['bronze']),
    madeOf('clean', ['bronze'], ['silver']),
    madeOf('mail', ['silver'], []),
    madeOf('other', ['elsewhere'], ['far']),
  ]);
  const stale = await ask('stale-if-late', { process_name: 'ingest' });
  expect(stale.map((row) => [row.depth, row.kind, row.name, row.through])).toEqual([
    [1, 'table', 'bronze', 'ingest'],
    [1, 'pipeline', 'clean', 'bronze'],
    [2, 'table', 'silver', 'clean'],
    [2, 'pipeline', 'mail', 'silver'],
  ]);
});

test('reads-and-writes: of each run, by path', async () => {
  await keep([madeOf('ingest', ['raw'], ['bronze', 'errors'])]);
  expect(await ask('reads-and-writes')).toMatchObject([
    { direction: 'read', path: 'raw', dataset_type: null },
    { direction: 'write', path: 'bronze', dataset_type: 'delta' },
    { direction: 'write', path: 'errors' },
  ]);
  expect(await ask('reads-and-writes', { path: 'b*' })).toHaveLength(1);
});

test('lineage: what a walk over the graph finds, whatever the graph', async () => {
  const node = fc.integer({ min: 0, max: 11 }).map((each) => `n${each}`);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(node, node), { minLength: 1, maxLength: 25 }), async (drawn) => {
      const pairs = [...new Set(drawn.map((pair) => pair.join('>')))].map(
        (pair) => pair.split('>') as [string, string],
      );
      await keep(pairs.map(([from, to], at) => madeOf(`p${at}`, [from], [to])));
      const [start] = pairs[0] as [string, string];
      const rows = await ask('lineage', { table: start, depth: '10' });
      expect(rows.map((row) => `${row.depth} ${row.source_path}>${row.target_path}`).sort()).toEqual(
        walked(pairs, start, 10),
      );
    }),
    { numRuns: 15 },
  );
});

/** Breadth first: every edge from what is reached, with one more than the distance of its source. */
function walked(pairs: readonly (readonly [string, string])[], start: string, most: number): readonly string[] {
  const depth = new Map([[start, 0]]);
  const queue = [start];
  for (let here = queue.shift(); here !== undefined; here = queue.shift()) {
    for (const [from, to] of pairs) {
      if (from !== here || depth.has(to)) continue;
      depth.set(to, (depth.get(here) ?? 0) + 1);
      queue.push(to);
    }
  }
  return pairs
    .flatMap(([from, to]) => {
      const at = depth.get(from);
      return at === undefined || at >= most ? [] : [`${at + 1} ${from}>${to}`];
    })
    .sort();
}
