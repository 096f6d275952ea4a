import { afterAll, beforeAll } from 'vitest';
import type { Price } from '../../../core/prices/price.ts';
import { argumentsOf } from '../../../core/question.ts';
import { logColumns, runTableColumns, stepStateColumns } from '../../../core/schema/columns.ts';
import { render } from '../../../sql/define-query.ts';
import { questions } from '../../../sql/questions.ts';
import { quotedName } from '../../../sql/type-names.ts';
import { openTestLake, type TestLake } from '../../agreement/lake.ts';

export const NOW = '2026-11-30T12:00:00.000Z';
const NOW_MS = Date.parse(NOW);

/** So many minutes before `NOW`. */
export const ago = (minutes: number): string => new Date(NOW_MS - minutes * 60_000).toISOString();
export const DAY = 24 * 60;

export type Cells = Readonly<Record<string, unknown>>;

/** A run that began so many minutes before `NOW`, and what else is known of it. */
export function aRun(run_id: string, minutes: number, cells: Cells = {}): Cells {
  const start_time = ago(minutes);
  const duration_ms = (cells.duration_ms as number | undefined) ?? 60_000;
  const isOpen = cells.end_time === null;
  return {
    environment: 'prod',
    process_name: 'orders',
    run_id,
    run_date: start_time.slice(0, 10),
    status: 'SUCCESS',
    run_attempt: 1,
    start_time,
    end_time: new Date(Date.parse(start_time) + duration_ms).toISOString(),
    steps: 0,
    first_event_at: start_time,
    last_event_at: start_time,
    lease_ms: 86_400_000,
    lease_expires_at: '2099-01-01T00:00:00.000Z',
    last_event_failed: false,
    ...cells,
    duration_ms: isOpen ? null : duration_ms,
  };
}

/** A step of that run, which began with it. */
export const aStep = (run: Cells, step_name: string, cells: Cells = {}): Cells => ({
  ...{ environment: run.environment, process_name: run.process_name, run_id: run.run_id, run_date: run.run_date },
  ...{ step_name, run_attempt: 1, attempt: 1, status: 'SUCCESS', start_time: run.start_time, end_time: run.end_time },
  duration_ms: 10_000,
  ...cells,
});

/** An event of that run, so many minutes before `NOW`. */
export const anEventOf = (run: Cells, minutes: number, cells: Cells = {}): Cells => ({
  ...{ environment: run.environment, process_name: run.process_name, run_id: run.run_id },
  ...{ event_type: 'METRIC', event_time: ago(minutes), event_date: ago(minutes).slice(0, 10) },
  event_key: `${run.run_id} ${minutes} ${JSON.stringify(cells)}`,
  ...cells,
});

const TABLES = {
  pipeline_run_state: runTableColumns,
  pipeline_steps: stepStateColumns,
  pipeline_logs: logColumns,
} as const;

/** A lake that a test fills with rows, and whom it asks. It is there from before the first test until after the last. */
export function keptLake() {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake();
  });
  afterAll(() => lake.close());
  const insert = async (table: keyof typeof TABLES, rows: readonly Cells[]) => {
    const connection = await lake.database.connect();
    const columns = Object.keys(TABLES[table]);
    await connection.run(`delete from ${table}`);
    const values = rows.map((row) => `(${columns.map((column) => literal(row[column])).join(', ')})`);
    for (let at = 0; at < values.length; at += 100)
      await connection.run(
        `insert into ${table} (${columns.map(quotedName).join(', ')}) values ${values.slice(at, at + 100).join(', ')}`,
      );
    connection.closeSync();
  };
  return {
    lake: () => lake,
    keep: async (runs: readonly Cells[], steps: readonly Cells[] = [], events: readonly Cells[] = []) => {
      await insert('pipeline_run_state', runs);
      await insert('pipeline_steps', steps);
      await insert('pipeline_logs', events);
    },
    ask: async (name: string, given: Readonly<Record<string, string>> = {}, prices: readonly Price[] = []) => {
      const question = questions[name];
      if (question === undefined) throw new Error(`no question ${name}`);
      const values = argumentsOf(question, given, NOW, () => prices);
      render(question, values);
      return (await lake.engine.query(question, values)) as readonly Cells[];
    },
  };
}

/** A list of objects becomes a list of structs, as DuckDB writes them; `{ map: … }` a map. */
function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && 'map' in value) return `map ${literal(value.map)}`;
  if (typeof value === 'object')
    return `{${Object.entries(value)
      .map(([name, each]) => `'${name}': ${literal(each)}`)
      .join(', ')}}`;
  return typeof value === 'string' ? `'${value.replaceAll("'", "''").replace(/Z$/, '')}'` : String(value);
}
