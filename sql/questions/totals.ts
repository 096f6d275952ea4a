import type { AskedParameter } from '../../core/question.ts';
import { defineQuestion } from '../define-question.ts';
import { bigint, double, ofRuns, varchar, whichRuns } from './asked.ts';
import runTotals from './run-totals.sql';
import stepTotals from './step-totals.sql';

const most = (count: number, what: string): AskedParameter => ({
  kind: 'integer',
  default: String(count),
  between: [1, 100_000],
  comment: `so many ${what}, those that ran last; the others together are (other)`,
});

/** How many seconds the buckets of `run-totals` reach to. */
export const DURATION_BUCKETS = {
  within_10s: 10,
  within_30s: 30,
  within_1m: 60,
  within_5m: 300,
  within_15m: 900,
  within_1h: 3600,
  within_4h: 14_400,
  within_1d: 86_400,
} as const;

/** Counts since the beginning, as `GET /metrics` gives them. */
export const totalQuestions = [
  defineQuestion({
    name: 'run-totals',
    text: runTotals,
    asks: { ...whichRuns('36500d'), pipelines: most(1000, 'pipelines') },
    columns: {
      ...ofRuns('environment', 'process_name', 'status'),
      runs: bigint('runs that ended so'),
      measured: bigint('of those, runs that told their duration'),
      duration_seconds: double('how long these took together'),
      ...Object.fromEntries(
        Object.entries(DURATION_BUCKETS).map(([column, seconds]) => [
          column,
          bigint(`of those, runs that took at most ${seconds} s`),
        ]),
      ),
    },
  }),
  defineQuestion({
    name: 'step-totals',
    text: stepTotals,
    asks: { ...whichRuns('36500d'), steps: most(2000, 'steps') },
    columns: {
      ...ofRuns('environment', 'process_name'),
      step_name: varchar('the step; null: of runs that told no steps'),
      records_processed: double('records it wrote, else read'),
    },
  }),
];
