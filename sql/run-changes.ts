import type { Columns, ColumnType } from '../core/schema/column-type.ts';
import { runChangeColumns, runStateColumns } from '../core/schema/columns.ts';
import type { Dialect } from '../core/typed-query.ts';
import { defineQuery } from './define-query.ts';
import { compose } from './fragments.ts';
import runChanges from './tables/run_changes.sql';
import { quotedName } from './type-names.ts';

const KEY: ReadonlySet<string> = new Set(['environment', 'process_name', 'run_id']);
const VALUES = Object.keys(runStateColumns).filter((name) => !KEY.has(name));

/** The statements that write `run_changes`, and those that ask how far it has come. */
export const runChangeStatements = (dialect: Dialect) =>
  ({
    /** Of runs that stand on the given days. The days hold those on which a row stood, and those to which it moved. */
    recordChanges: defineQuery({
      name: 'record_changes',
      text: compose(runChanges, dialect, {
        ...sharedBy(dialect),
        join: 'left',
        in_days: 'run_date in (:run_dates)',
        target_in_days: 't.run_date in (:run_dates)',
      }),
      parameters: { run_dates: 'dates', from: 'dates', before: 'dates', known_number: 'integer', now: 'instant' },
      columns: {},
    }),
    /** Of every run there is, and of those that are no more; what it writes are the rows of the days `from` … `before`. */
    recordAllChanges: defineQuery({
      name: 'record_all_changes',
      text: compose(runChanges, dialect, {
        ...sharedBy(dialect),
        join: 'full',
        in_days: 'run_date is not null',
        target_in_days: 't.run_date >= :from\n  and t.run_date < :before',
      }),
      parameters: { from: 'dates', before: 'dates', known_number: 'integer', now: 'instant' },
      columns: {},
    }),
    /** Days on which a run stands, or stood when it was last written down. */
    daysOfRuns: defineQuery({
      name: 'days_of_runs',
      text: `-- The days of all runs, and of all changes of runs.
select distinct run_date
from (
  select run_date from pipeline_run_state
  union all
  select run_date from run_changes
) as known
order by run_date`,
      parameters: {},
      columns: { run_date: runChangeColumns.run_date },
    }),
    lastNumber: defineQuery({
      name: 'last_change',
      text: `-- The number of the last change; no value when none was written since the known one.
select max(number) as number
from run_changes
where number > :known_number`,
      parameters: { known_number: 'integer' },
      columns: { number: runChangeColumns.number },
    }),
  }) as const;

const sharedBy = (dialect: Dialect): Readonly<Record<string, string>> => ({
  names_of_changed: VALUES.map(
    (name) => `case when s.${quotedName(name)} is distinct from l.${quotedName(name)} then ',${name}' else '' end`,
  ).join(',\n        '),
  json_before: Object.entries(runStateColumns as Columns)
    .map(([name, { type }]) => {
      const value = `l.${quotedName(name)}`;
      return `case when ${value} is null then '' else concat(',"${name}":', ${jsonOf(value, type, dialect)}) end`;
    })
    .join(',\n        '),
  columns_after: VALUES.filter((name) => name !== 'run_date')
    .map((name) => `s.${quotedName(name)}`)
    .join(', '),
  row_differs: VALUES.map((name) => `s.${quotedName(name)} is distinct from l.${quotedName(name)}`).join(' or '),
  named_columns: Object.keys(runChangeColumns)
    .filter((name) => name !== 'number' && name !== 'changed_at')
    .map(quotedName)
    .join(', '),
});

/** A value as JSON text, which both engines write alike. */
function jsonOf(value: string, type: ColumnType, dialect: Dialect): string {
  if (type !== 'timestamp')
    return `json_format(${dialect === 'trino' ? `cast(${value} as json)` : `to_json(${value})`})`;
  if (dialect === 'duckdb') return `strftime(${value}, '"%Y-%m-%dT%H:%M:%S.%gZ"')`;
  const text = `json_format(cast(${value} as json))`;
  return `concat(substr(${text}, 1, 11), 'T', substr(${text}, 13, 12), 'Z"')`;
}
