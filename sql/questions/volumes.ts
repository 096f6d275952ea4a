import { defineQuestion } from '../define-question.ts';
import { atMost, bigint, day, double, ofRuns, timestamp, whichRuns } from './asked.ts';
import dataLag from './data-lag.sql';
import ledgerCost from './ledger-cost.sql';
import parallelEfficiency from './parallel-efficiency.sql';
import shuffle from './shuffle.sql';
import throughput from './throughput.sql';

/** How much was moved, how fast, and how soon. */
export const volumeQuestions = [
  defineQuestion({
    name: 'throughput',
    text: throughput,
    asks: whichRuns('30d'),
    columns: {
      ...ofRuns('environment', 'process_name'),
      day,
      runs: bigint('runs that told their duration'),
      records: bigint('records they wrote, else read'),
      bytes: bigint('bytes they wrote, else read'),
      records_per_second: double('of the runs that counted records'),
      bytes_per_second: double('of the runs that counted bytes'),
    },
  }),
  defineQuestion({
    name: 'parallel-efficiency',
    text: parallelEfficiency,
    asks: { ...whichRuns('7d'), limit: atMost(1000, 'runs, the latest') },
    columns: {
      ...ofRuns('environment', 'process_name', 'run_id'),
      start_time: timestamp('when it began'),
      ...ofRuns('status', 'duration_ms'),
      steps: bigint('steps with a start and an end'),
      work_ms: bigint('how long they took one after the other'),
      most_at_once: bigint('how many ran at once at most'),
      speedup: double('work_ms / duration_ms: above 1 the steps ran in parallel'),
      efficiency: double('speedup / most_at_once, 0 to 1: how well it used what it could run at once'),
    },
  }),
  defineQuestion({
    name: 'data-lag',
    text: dataLag,
    asks: whichRuns('30d'),
    columns: {
      ...ofRuns('environment', 'process_name'),
      runs: bigint('successful runs that told their data interval'),
      data_until: timestamp('end of the latest interval that is done'),
      behind_ms: bigint('time since then'),
      last_lag_ms: bigint('from the end of its interval to its own end, of the latest run'),
      median_lag_ms: bigint('the median of that, exact nearest rank'),
      p95_lag_ms: bigint('its 95th percentile'),
    },
  }),
  defineQuestion({
    name: 'shuffle',
    text: shuffle,
    asks: whichRuns('7d'),
    columns: {
      ...ofRuns('environment', 'process_name'),
      day,
      runs: bigint('runs whose metrics told shuffle_bytes, or shuffle_read_bytes and shuffle_write_bytes'),
      shuffle_bytes: bigint("what they shuffled: the run's own greatest number, else the sum of its steps'"),
      most_bytes: bigint('the most that one of them shuffled'),
    },
  }),
  defineQuestion({
    name: 'ledger-cost',
    text: ledgerCost,
    asks: { since: { kind: 'day', default: '7d', comment: 'from that day on' } },
    columns: {
      day: { ...day, comment: 'UTC day of the events, and of the questions' },
      events: bigint('events kept'),
      objects: bigint('landed files they lie in'),
      characters: bigint('characters of their lines'),
      questions: bigint('questions asked, where the ledger keeps who asked'),
      refused: bigint('of those, refused'),
      callers: bigint('who asked, each once'),
    },
  }),
];
