import parsePrometheus from 'parse-prometheus-text-format';
import { expect, test } from 'vitest';
import { observing } from '../../../adapters/http/observing.ts';
import { anEventOf, aRun, aStep, DAY, keptLake, NOW } from '../../sql/questions/kept.ts';
import { anApp, errorOf } from './fakes.ts';

const { keep, lake } = keptLake();
const LIMITS = { maxRows: 100_000, maxLength: 10_000_000, timeoutMs: 10_000 };
const ODD = 'it\'s "odd" \\ <b>\n{x="1"} ö';

function served() {
  let now = NOW;
  let asked = 0;
  const ledger = {
    query: async (sql: string) => {
      asked++;
      return lake().lake.answer(sql, LIMITS);
    },
  };
  const { app } = anApp({ observing: observing(ledger, { now: () => now }) });
  return { app, asked: () => asked, setNow: (at: string) => (now = at) };
}

const rows = () => {
  const good = aRun('a', 90, { duration_ms: 5000, steps: 2 });
  return keep(
    [
      good,
      aRun('b', 80, { duration_ms: 40_000, status: 'FAILED', records_out: 5 }),
      aRun('open', 70, { status: 'RUNNING', end_time: null }),
      aRun('odd', 60, { process_name: ODD, records_in: 3 }),
    ],
    [aStep(good, 'load', { records_out: 10 }), aStep(good, 'read', { records_in: 4 })],
    [
      anEventOf(good, 2 * DAY, { quality: [check(false)] }),
      anEventOf(good, 50, { quality: [check(true), check(false), check(true), check(true)] }),
    ],
  );
};
const check = (success: boolean) => ({
  ...{ dataset: 'sales', check_name: 'c', success, severity: null, expected: null, actual: null },
  ...{ records_checked: null, records_failed: null },
});

test('GET /metrics is what a parser of Prometheus reads, with the names people know', async () => {
  await rows();
  const response = await served().app.request('/metrics');
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  const families = Object.fromEntries(parsePrometheus(text).map((each) => [each.name, each]));
  const orders = { environment: 'prod', pipeline: 'orders' };
  expect(families.pipeline_runs_total).toMatchObject({
    type: 'COUNTER',
    metrics: [
      { labels: { environment: 'prod', pipeline: ODD, status: 'success' }, value: '1' },
      { labels: { ...orders, status: 'failed' }, value: '1' },
      { labels: { ...orders, status: 'success' }, value: '1' },
    ],
  });
  // The parser takes the buckets of several pipelines for one histogram, so it is given those of one.
  const ofOne = text.split('\n').filter((line) => line.startsWith('# TYPE pipeline_dur') || line.includes('"orders"'));
  const buckets = { 10: '1', 30: '1', 60: '2', 300: '2', 900: '2', 3600: '2', 14400: '2', 86400: '2', '+Inf': '2' };
  const histogram = parsePrometheus(ofOne.filter((line) => line.includes('pipeline_dur')).join('\n'));
  expect(histogram).toMatchObject([{ type: 'HISTOGRAM', metrics: [{ buckets }] }]);
  expect(ofOne).toEqual(
    expect.arrayContaining([
      'pipeline_duration_seconds_sum{environment="prod",pipeline="orders"} 45',
      'pipeline_duration_seconds_count{environment="prod",pipeline="orders"} 2',
    ]),
  );
  expect(families.records_processed_total?.metrics).toEqual([
    { labels: { environment: 'prod', pipeline: ODD, stage: '' }, value: '3' },
    { labels: { ...orders, stage: '' }, value: '5' },
    { labels: { ...orders, stage: 'load' }, value: '10' },
    { labels: { ...orders, stage: 'read' }, value: '4' },
  ]);
  expect(families.data_quality_score?.metrics).toEqual([
    { labels: { environment: 'prod', dataset: 'sales' }, value: '0.75' },
  ]);
});

test('whoever asks within half a minute gets the same answer', async () => {
  await rows();
  const { app, asked, setNow } = served();
  await Promise.all([app.request('/metrics'), app.request('/metrics')]);
  expect(asked()).toBe(3);
  setNow('2026-11-30T12:00:31.000Z');
  await app.request('/metrics');
  expect(asked()).toBe(6);
});

test('pipelines beyond the limit are one together, so that a name for each run makes no series for each', async () => {
  await keep(Array.from({ length: 1010 }, (_, at) => aRun(`r${at}`, at + 1, { process_name: `made up ${at}` })));
  const text = await (await served().app.request('/metrics')).text();
  const [runs] = parsePrometheus(text);
  expect(runs?.metrics).toHaveLength(1001);
  expect(text).toContain('pipeline_runs_total{environment="prod",pipeline="(other)",status="success"} 10\n');
});

test('GET /badge/PIPELINE.svg says the latest status, whatever the name holds', async () => {
  await rows();
  const { app } = served();
  const badge = async (path: string) => (await app.request(path)).text();
  expect(await badge('/badge/orders.svg')).toContain('aria-label="orders: RUNNING"');
  const odd = await badge(`/badge/${encodeURIComponent(ODD)}.svg`);
  expect(odd).toContain('aria-label="it&#39;s &quot;odd&quot; \\ &lt;b&gt;');
  expect(odd).toContain('SUCCESS');
  expect(await badge('/badge/o*s.svg')).toContain('no runs');
  expect(await badge('/badge/orders.svg?environment=test')).toContain('no runs');
  const response = await app.request('/badge/orders.svg');
  expect(response.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
  const other = await app.request('/badge/orders.png');
  expect([other.status, await errorOf(other)]).toMatchObject([400, { message: 'expected /badge/PIPELINE.svg' }]);
});
