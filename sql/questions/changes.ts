import { runChangeColumns } from '../../core/schema/columns.ts';
import { pick } from '../columns-of.ts';
import { defineQuestion } from '../define-question.ts';
import { atMost, whichRuns } from './asked.ts';
import runChanges from './run-changes.sql';

const { environment, process_name } = whichRuns('7d');

/** What a consumer of changes asks for. */
export const changeQuestions = [
  defineQuestion({
    name: 'run-changes',
    text: runChanges,
    asks: {
      after: {
        kind: 'integer',
        default: '0',
        between: [0, Number.MAX_SAFE_INTEGER],
        comment: 'changes with a greater number',
      },
      environment,
      process_name,
      kind: {
        kind: 'text',
        default: '',
        oneOf: ['', 'created', 'changed', 'deleted'],
        comment: 'of this kind alone; empty: of all',
      },
      limit: atMost(1000, 'changes'),
    },
    columns: pick(
      runChangeColumns,
      ...['number', 'changed_at', 'kind', 'environment', 'process_name', 'run_id', 'status_before', 'status'],
      ...['changed_columns', 'run_date', 'row_before'],
    ),
  }),
];
