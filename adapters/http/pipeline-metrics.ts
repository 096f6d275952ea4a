import type { Answer } from '../../core/ports/answer-engine.ts';
import { DURATION_BUCKETS } from '../../sql/questions/totals.ts';
import type { MetricFamily, Sample } from './metrics-text.ts';

type Row = Readonly<Record<string, unknown>>;

/** The rows of an answer, by the names of its columns. */
export const rowsOf = ({ columns, rows }: Answer): readonly Row[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));

/** What the questions `run-totals`, `step-totals` and `quality-by-dataset` answered, as metrics. */
export const pipelineMetrics = (
  runs: readonly Row[],
  steps: readonly Row[],
  quality: readonly Row[],
): readonly MetricFamily[] => [
  {
    name: 'pipeline_runs_total',
    help: 'Runs that ended, by how.',
    type: 'counter',
    samples: runs.map((row) => ({
      labels: { ...pipelineOf(row), status: String(row.status).toLowerCase() },
      value: Number(row.runs),
    })),
  },
  {
    name: 'pipeline_duration_seconds',
    help: 'How long the runs took that ended and told it.',
    type: 'histogram',
    samples: [...grouped(runs).values()].flatMap(durationsOf),
  },
  {
    name: 'records_processed_total',
    help: 'Records that each stage wrote, else read; without a stage, those of runs that told none.',
    type: 'counter',
    samples: steps.map((row) => ({
      labels: { ...pipelineOf(row), stage: String(row.step_name ?? '') },
      value: Number(row.records_processed),
    })),
  },
  {
    name: 'data_quality_score',
    help: 'The share of the checks of the dataset that passed on the last day it was checked, 0 to 1.',
    type: 'gauge',
    samples: latestScores(quality),
  },
];

const pipelineOf = ({ environment, process_name }: Row) => ({
  environment: String(environment),
  pipeline: String(process_name),
});

/** The rows of each pipeline, whatever their status. */
function grouped(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify(pipelineOf(row));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

function durationsOf(rows: readonly Row[]): readonly Sample[] {
  const labels = pipelineOf(rows[0] ?? {});
  const total = (column: string) => rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
  const count = total('measured');
  return [
    ...Object.entries(DURATION_BUCKETS).map(([column, seconds]) => ({
      suffix: '_bucket',
      labels: { ...labels, le: String(seconds) },
      value: total(column),
    })),
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
    { suffix: '_sum', labels, value: total('duration_seconds') },
    { suffix: '_count', labels, value: count },
  ];
}

/** More datasets than a dashboard shows; those after them, by name, are left out. */
const MOST_DATASETS = 1000;

/** The rows come in the order of days. */
function latestScores(rows: readonly Row[]): readonly Sample[] {
  const latest = new Map<string, Sample>();
  for (const { environment, dataset, quality_score } of rows) {
    if (quality_score === null) continue;
    const labels = { environment: String(environment), dataset: String(dataset) };
    latest.set(JSON.stringify(labels), { labels, value: Number(quality_score) });
  }
  return [...latest.values()].slice(0, MOST_DATASETS);
}
