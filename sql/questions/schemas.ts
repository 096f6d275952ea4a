import { defineQuestion } from '../define-question.ts';
import { atMost, integer, ofRuns, timestamp, varchar, whichRuns } from './asked.ts';
import schema from './schema.sql';
import schemaChanges from './schema-changes.sql';

const { environment, process_name } = whichRuns('30d');
const asks = {
  dataset: { kind: 'pattern', default: '*', comment: 'which datasets; * stands for any text' },
  since: { kind: 'instant', default: '90d', comment: 'what was told from then on' },
  environment,
} as const;

/** What datasets look like, where runs tell it. */
export const schemaQuestions = [
  defineQuestion({
    name: 'schema',
    text: schema,
    asks: { ...asks, limit: atMost(10_000, 'fields') },
    columns: {
      ...ofRuns('environment'),
      dataset: varchar('what was read or written'),
      field: varchar('a field of it; one within another is `outer.inner`'),
      field_type: varchar('its type, as it was told; null: untold'),
      position: integer('its place among the fields, from 1'),
      told_at: timestamp('when it was last told'),
      ...ofRuns('process_name', 'run_id'),
    },
  }),
  defineQuestion({
    name: 'schema-changes',
    text: schemaChanges,
    asks: { ...asks, process_name, limit: atMost(1000, 'changes, the latest') },
    columns: {
      ...ofRuns('environment'),
      dataset: varchar('what was read or written'),
      ...ofRuns('process_name'),
      changed_at: timestamp('when the run told it'),
      field: varchar('the field'),
      change: varchar('added, removed or retyped'),
      type_before: varchar('the type that the run before told; null: untold, or added'),
      type_after: varchar('the type that the run told; null: untold, or removed'),
      ...ofRuns('run_id'),
      run_before: varchar('the run of the same pipeline that told of this dataset before'),
    },
  }),
];
