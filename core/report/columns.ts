import { countShown, durationShown, instantShown, UNKNOWN } from '../format.ts';
import type { Row } from './report.ts';

/** A column of a part, as both forms of the report show it. */
export interface ShownColumn {
  readonly title: string;
  readonly shown: (row: Row) => string;
  readonly isNumber?: boolean;
}

const text = (title: string, name: string): ShownColumn => ({
  title,
  shown: (row) => (row[name] === null || row[name] === undefined ? UNKNOWN : String(row[name])),
});
const count = (title: string, name: string): ShownColumn => ({
  title,
  isNumber: true,
  shown: (row) => countShown(numberOf(row[name])),
});
const duration = (title: string, name: string): ShownColumn => ({
  title,
  isNumber: true,
  shown: (row) => durationShown(numberOf(row[name])),
});
const time = (title: string, name: string): ShownColumn => ({
  title,
  shown: (row) => instantShown(row[name] === null ? null : String(row[name])),
});
const share = (title: string, name: string): ShownColumn => ({
  title,
  isNumber: true,
  shown: (row) => shareShown(numberOf(row[name])),
});
const money: ShownColumn = {
  title: 'cost',
  isNumber: true,
  shown: ({ cost, currency }) => (cost === null ? UNKNOWN : `${Number(cost).toFixed(2)} ${String(currency)}`),
};
const times = (title: string, name: string): ShownColumn => ({
  title,
  isNumber: true,
  shown: (row) => (row[name] === null ? UNKNOWN : `${Number(row[name]).toFixed(1)}×`),
});

export const numberOf = (value: unknown): number | null =>
  value === null || value === undefined ? null : Number(value);
const shareShown = (value: number | null): string => (value === null ? UNKNOWN : `${(value * 100).toFixed(1)} %`);

const pipeline = text('pipeline', 'process_name');
const environment = text('environment', 'environment');

/** What is shown of the answer of each question. */
export const SHOWN_COLUMNS: Readonly<Record<string, readonly ShownColumn[]>> = {
  kpis: [
    text('day', 'period'),
    environment,
    count('runs', 'runs'),
    count('failed', 'failed'),
    share('success', 'success_rate'),
    duration('mean', 'mean_duration_ms'),
    duration('p95', 'p95_duration_ms'),
    count('bytes read', 'data_size_bytes_in'),
    count('incidents', 'incidents'),
    duration('found after', 'mttd_ms'),
    duration('over after', 'mttr_ms'),
    money,
  ],
  'failed-today': [
    time('failed', 'failed_at'),
    environment,
    pipeline,
    text('run', 'run_id'),
    text('step', 'error_step'),
    text('code', 'error_code'),
    text('message', 'error_message'),
    text('what to do', 'advice'),
  ],
  'error-codes': [
    text('code', 'error_code'),
    text('class', 'error_class'),
    count('failures', 'failures'),
    count('pipelines', 'pipelines'),
    time('last', 'last_at'),
  ],
  pipelines: [
    environment,
    pipeline,
    text('owner', 'owner'),
    text('last', 'last_status'),
    count('runs', 'runs'),
    count('failed', 'failed'),
    share('success', 'success_rate'),
    duration('median', 'p50_duration_ms'),
    duration('p95', 'p95_duration_ms'),
    time('last success', 'last_success_at'),
  ],
  'slowest-growing': [
    environment,
    pipeline,
    duration('before', 'earlier_median_ms'),
    duration('now', 'later_median_ms'),
    times('grown', 'growth'),
  ],
  'flaky-steps': [
    environment,
    pipeline,
    text('step', 'step_name'),
    count('runs', 'runs'),
    count('failed', 'failures'),
    count('retried', 'retried'),
    share('flaky', 'flakiness'),
  ],
  'quality-by-dataset': [
    text('day', 'day'),
    text('dataset', 'dataset'),
    count('checks', 'checks'),
    count('failed', 'failed_checks'),
    share('score', 'quality_score'),
    text('last failed', 'last_failed_check'),
  ],
  cost: [
    environment,
    pipeline,
    count('runs', 'runs'),
    count('priced', 'priced_runs'),
    money,
    text('unknown because', 'unknown_because'),
  ],
};
