import { expect } from 'vitest';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { runKeyOf } from '../../core/run/run.ts';
import type { RowOf } from '../../core/schema/column-type.ts';
import { runChangeColumns, runStateColumns } from '../../core/schema/columns.ts';
import { defineQuery } from '../../sql/define-query.ts';

export type RunChange = RowOf<typeof runChangeColumns>;
type RunRow = RowOf<typeof runStateColumns>;

/** What a consumer asks for. */
export const changesAfter = (engine: QueryEngine, number: number): Promise<readonly RunChange[]> =>
  engine.query(
    defineQuery({
      name: 'changes_after',
      text: 'select * from run_changes where number > :number order by number',
      parameters: { number: 'integer' },
      columns: runChangeColumns,
    }),
    { number },
  );

const allRuns = defineQuery({
  name: 'all_runs',
  text: 'select * from pipeline_run_state',
  parameters: {},
  columns: runStateColumns,
});

const rowOf = (change: RunChange): RunRow =>
  Object.fromEntries(Object.keys(runStateColumns).map((name) => [name, change[name as keyof RunRow]])) as RunRow;

/**
 * Numbers without gaps; each change begins at the row where the one before it ended; and who applies them all, in order,
 * has the run table.
 */
export async function expectSoundChanges(engine: QueryEngine): Promise<void> {
  const changes = await changesAfter(engine, 0);
  expect(changes.map(({ number }) => number)).toEqual(changes.map((_, at) => at + 1));
  const rows = new Map<string, RunRow>();
  for (const change of changes) {
    const before = rows.get(runKeyOf(change as RunRow));
    expect(change.kind === 'created').toBe(before === undefined);
    expect(JSON.parse(change.row_before ?? 'null')).toEqual(before === undefined ? null : told(before));
    expect(change.status_before).toBe(before?.status ?? null);
    if (before !== undefined && change.kind === 'changed') {
      const differing = Object.entries(rowOf(change)).filter(([name, value]) => value !== before[name as keyof RunRow]);
      expect(change.changed_columns).toBe(differing.map(([name]) => name).join(','));
      expect(differing).not.toEqual([]);
    }
    if (change.kind === 'deleted') rows.delete(runKeyOf(change as RunRow));
    else rows.set(runKeyOf(change as RunRow), rowOf(change));
  }
  const runs = (await engine.query(allRuns, {})).map((run): [string, RunRow] => [runKeyOf(run as RunRow), run]);
  expect(rows).toEqual(new Map(runs));
}

const told = (row: RunRow): object => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
