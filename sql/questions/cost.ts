import { defineQuestion } from '../define-question.ts';
import { atMost, bigint, date, double, ofRuns, varchar, whichRuns } from './asked.ts';
import cost from './cost.sql';

/** What runs cost. */
export const costQuestions = [
  defineQuestion({
    name: 'cost',
    text: cost,
    asks: {
      by: {
        kind: 'text',
        default: 'pipeline',
        oneOf: ['run', 'pipeline', 'owner', 'day'],
        comment: 'of what: run, pipeline, owner, or pipeline and day',
      },
      ...whichRuns('30d'),
      limit: atMost(1000, 'rows, the dearest'),
    },
    columns: {
      ...ofRuns('environment'),
      process_name: varchar('the pipeline; null: by owner'),
      run_id: varchar('the run; null: not by run'),
      owner: varchar('who answers for it; null: not by run or owner, or not told'),
      day: date('UTC day the runs began; null: not by run or day'),
      runs: bigint('runs that began since then'),
      priced_runs: bigint('of those, runs whose cost is known'),
      cost: double('what these cost; null: it is known of none'),
      cost_per_run: double('cost / priced_runs'),
      currency: varchar('of the cost'),
      unknown_because: varchar(
        'why the cost of a run is unknown, one reason of those there are; null: it is known of all',
      ),
    },
  }),
];
