import type { Instant } from '../core/instant.ts';
import { nearest } from '../core/nearest.ts';
import { QueryRejectedError } from '../core/ports/answer-engine.ts';
import type { Price } from '../core/prices/price.ts';
import { argumentsOf, type Question } from '../core/question.ts';
import { stepStateColumns } from '../core/schema/columns.ts';
import { eventColumns } from '../core/schema/event-columns.ts';
import { columnsOfView, pick } from './columns-of.ts';
import { render } from './define-query.ts';
import { defineQuestion } from './define-question.ts';
import { attentionQuestions } from './questions/attention.ts';
import { auditQuestions } from './questions/audit.ts';
import { changeQuestions } from './questions/changes.ts';
import { costQuestions } from './questions/cost.ts';
import { failureQuestions } from './questions/failures.ts';
import failuresIn7Days from './questions/failures-in-7-days.sql';
import { kpiQuestions } from './questions/kpis.ts';
import latestStatusPerStep from './questions/latest-status-per-step.sql';
import { lineageQuestions } from './questions/lineage.ts';
import { pipelineQuestions } from './questions/pipelines.ts';
import runningNow from './questions/running-now.sql';
import { schemaQuestions } from './questions/schemas.ts';
import { searchQuestions } from './questions/search.ts';
import slaMisses from './questions/sla-misses.sql';
import { totalQuestions } from './questions/totals.ts';
import { trendQuestions } from './questions/trends.ts';
import { volumeQuestions } from './questions/volumes.ts';
import { runQuestions } from './run-questions.ts';

/** What people ask, ready to run: by name in the CLI and over HTTP, or pasted into the Athena console. */
export const questions: Readonly<Record<string, Question>> = {
  'failures-in-7-days': defineQuestion({
    name: 'failures-in-7-days',
    text: failuresIn7Days,
    asks: {},
    columns: {
      ...pick(columnsOfView('current_runs'), 'environment', 'process_name'),
      failures: { type: 'bigint', comment: 'failed, timed out or lost runs' },
      error_codes: { type: 'bigint', comment: 'distinct error codes among them' },
      last_error_code: { type: 'varchar', comment: 'code of the latest' },
      last_failure_at: { type: 'timestamp', comment: 'start of the latest' },
    },
  }),
  'running-now': defineQuestion({
    name: 'running-now',
    text: runningNow,
    asks: {},
    columns: pick(
      columnsOfView('active_runs'),
      'environment',
      'process_name',
      'run_id',
      'status',
      'start_time',
      'running_for_ms',
      'is_late',
      'cluster_id',
    ),
  }),
  'sla-misses': defineQuestion({
    name: 'sla-misses',
    text: slaMisses,
    asks: {},
    columns: pick(
      columnsOfView('sla_breaches'),
      'environment',
      'process_name',
      'run_id',
      'status',
      'expected_max_duration_ms',
      'elapsed_ms',
      'over_by_ms',
      'is_open',
    ),
  }),
  'latest-status-per-step': defineQuestion({
    name: 'latest-status-per-step',
    text: latestStatusPerStep,
    asks: {},
    columns: {
      ...pick(
        stepStateColumns,
        'environment',
        'process_name',
        'step_name',
        'step_index',
        'status',
        'start_time',
        'end_time',
        'duration_ms',
      ),
      run_id: eventColumns.run_id,
    },
  }),
  ...byName([
    ...pipelineQuestions,
    ...failureQuestions,
    ...trendQuestions,
    ...kpiQuestions,
    ...lineageQuestions,
    ...schemaQuestions,
    ...searchQuestions,
    ...attentionQuestions,
    ...volumeQuestions,
    ...costQuestions,
    ...totalQuestions,
    ...changeQuestions,
    ...auditQuestions,
  ]),
  ...runQuestions,
};

function byName(list: readonly Question[]): Readonly<Record<string, Question>> {
  return Object.fromEntries(list.map((question) => [question.name, question]));
}

/**
 * The SELECT of a question with what a person gave. Throws `QueryRejectedError` when there is no such question, or what
 * was given does not fit it.
 */
export function questionText(
  name: string,
  given: Readonly<Record<string, string>>,
  now: Instant,
  prices: () => readonly Price[] = () => [],
): string {
  const question = Object.hasOwn(questions, name) ? questions[name] : undefined;
  if (question !== undefined) return render(question, argumentsOf(question, given, now, prices));
  const near = nearest(name, Object.keys(questions));
  throw new QueryRejectedError(
    `there is no question named ${name.slice(0, 100)}${near ? `; did you mean ${near}?` : ''}`,
  );
}
