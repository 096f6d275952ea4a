import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../adapters/duckdb/database.ts';
import { lakeOf } from '../adapters/duckdb/lake.ts';
import { openQueryEngine } from '../adapters/duckdb/query-engine.ts';
import { ANSWER_LIMITS } from '../core/ports/answer-engine.ts';
import type { Price } from '../core/prices/price.ts';
import { argumentsOf } from '../core/question.ts';
import { render } from '../sql/define-query.ts';
import prelude from '../sql/duckdb-prelude.sql';
import { questions } from '../sql/questions.ts';
import { keptRows } from './kept-rows.ts';

/**
 * How long each named question takes on a laptop that has kept many runs, asked as a person asks it, engine and limits
 * included. RUNS=100000 by default, 1,000 a day of 100 pipelines; each has 4 steps and 10 events. The bar is 300 ms.
 */
const RUNS = Number(process.env.RUNS ?? 100_000);
const TIMES = Number(process.env.TIMES ?? 20);
const BAR_MS = 300;
const NOW = '2026-11-30T12:00:00.000Z';

/** What some are asked beside their defaults: as a page or a person asks of one pipeline. */
const ALSO: readonly (readonly [name: string, given: Readonly<Record<string, string>>])[] = [
  ['duration-trend', { process_name: 'pipeline_7' }],
  ['step-trend', { process_name: 'pipeline_7' }],
  ['lineage', { table: 's3://lake/table_7', direction: 'both' }],
  ['stale-if-late', { process_name: 'pipeline_7' }],
  ['kpis', { by: 'week', since: '90d' }],
  ['runs-per-day', { since: '90d' }],
  ['cost', { by: 'day' }],
];
const PRICES: readonly Price[] = [{ unit: 'node_hour', name: 'r5.4xlarge', price: 1.008, currency: 'USD' }];

const folder = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
try {
  mkdirSync(join(folder, 'raw'), { recursive: true });
  const database = await openDatabase({ path: join(folder, 'lake.duckdb'), root: folder, prelude });
  const lake = lakeOf(database);
  const { statements, files } = keptRows(RUNS, NOW);
  for (const [file, lines] of files) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
  }
  await (await openQueryEngine(lake)).migrate();
  for (const statement of statements) await lake.run('main', [statement]);

  console.log(`${RUNS.toLocaleString('en')} runs kept; each question ${TIMES} times`);
  console.log(`  ${'question'.padEnd(46)} rows  median ms     p95 ms  processor ms`);
  const slow: string[] = [];
  const asked = [...Object.keys(questions).map((name) => [name, {}] as const), ...ALSO];
  for (const [name, given] of asked) {
    const question = questions[name];
    if (question === undefined) throw new Error(`no question ${name}`);
    const text = render(
      question,
      argumentsOf(question, given, NOW, () => PRICES),
    );
    const times: number[] = [];
    let rows = 0;
    const before = process.cpuUsage();
    for (let time = 0; time < TIMES; time++) {
      const startedAt = performance.now();
      rows = (await lake.answer(text, { ...ANSWER_LIMITS, timeoutMs: 60_000 })).rows.length;
      times.push(performance.now() - startedAt);
    }
    const { user, system } = process.cpuUsage(before);
    const processor = (user + system) / 1000 / TIMES;
    times.sort((a, b) => a - b);
    const p95 = times[Math.ceil(TIMES * 0.95) - 1] ?? 0;
    const label = [name, ...Object.entries(given).map((pair) => pair.join('='))].join(' ');
    console.log(
      `  ${label.padEnd(46)} ${String(rows).padStart(6)} ${(times[TIMES >> 1] ?? 0).toFixed(0).padStart(8)} ${p95.toFixed(0).padStart(10)} ${processor.toFixed(0).padStart(13)}`,
    );
    if (p95 > BAR_MS) slow.push(label);
  }
  console.log(`over ${BAR_MS} ms at the 95th percentile: ${slow.length === 0 ? 'none' : slow.join('; ')}`);
  await lake.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
