import { DEFAULT_LEASE_MS, FAILED_LEASE_MS, MAX_LEASE_MS } from '../core/run/lease.ts';
import { LEDGER_REPORTER } from '../core/run/ledger-reporter.ts';
import { DESCRIPTORS, TOTALS } from '../core/run/run.ts';
import { CANONICAL_LINE } from '../core/schema/canonical-line.ts';
import type { Column, Columns, ColumnType } from '../core/schema/column-type.ts';
import { runTableColumns, stepStateColumns, TABLES } from '../core/schema/columns.ts';
import { eventColumns } from '../core/schema/event-columns.ts';
import { ENDED_STATUSES, ENDED_WELL_STATUSES, FAILED_STATUSES, OPEN_STATUSES } from '../core/schema/status.ts';
import type { Dialect } from '../core/typed-query.ts';
import { errorMeaning } from './error-meaning.ts';
import askedRuns from './fragments/asked-runs.sql';
import askedSteps from './fragments/asked-steps.sql';
import clock from './fragments/clock.sql';
import edges from './fragments/edges.sql';
import events from './fragments/events.sql';
import facts from './fragments/facts.sql';
import incidentMeasures from './fragments/incident-measures.sql';
import judged from './fragments/judged.sql';
import knownEdges from './fragments/known-edges.sql';
import runCosts from './fragments/run-costs.sql';
import runFacts from './fragments/run-facts.sql';
import runState from './fragments/run-state.sql';
import runs from './fragments/runs.sql';
import sevenDays from './fragments/seven-days.sql';
import since from './fragments/since.sql';
import statusAt from './fragments/status-at.sql';
import stepStatus from './fragments/step-status.sql';
import unitEvents from './fragments/unit-events.sql';
import units from './fragments/units.sql';
import worstStatus from './fragments/worst-status.sql';
import { jsonTypeName, quotedName, typeName } from './type-names.ts';

/**
 * The text with every `{{name}}` filled in, and `{{for name in list}}…{{name}}…{{end}}` once for each name of the list.
 * Fragments may hold others; an unknown name throws.
 */
export function compose(text: string, dialect: Dialect, own: Readonly<Record<string, string>> = {}): string {
  const fragments: Readonly<Record<string, string>> = { now: ':now', ...shared(dialect), ...own };
  return forEach(text).replace(/\{\{([a-z_.]+)\}\}/g, (_, name: string) => {
    const fragment = fragments[name];
    if (fragment === undefined) throw new Error(`SQL fragment {{${name}}} is not defined`);
    return compose(fragment, dialect, own);
  });
}

const forEach = (text: string): string =>
  text.replace(/\{\{for name in ([a-z_]+)\}\}(.*?)\{\{end\}\}/g, (_, list: string, each: string) => {
    const names = LISTS[list];
    if (names === undefined) throw new Error(`SQL list ${list} is not defined`);
    return names
      .map((name) =>
        each.replaceAll(/(_?)\{\{name\}\}/g, (_, prefix: string) => (prefix === '_' ? `_${name}` : quotedName(name))),
      )
      .join(',\n    ');
  });

const SUMS: readonly string[] = TOTALS.filter((name) => name !== 'duration_ms');

const LISTS: Readonly<Record<string, readonly string[]>> = {
  /** What describes a run. */
  descriptors: DESCRIPTORS,
  /** The totals that add up over steps; durations do not. */
  sums: SUMS,
};

/** The clock of a view; a statement is given `:now`. */
export const viewClock = { now: stripped(clock) } as const;

const shared = (dialect: Dialect): Readonly<Record<string, string>> => ({
  events: stripped(events),
  is_stamped: `line like '${CANONICAL_LINE.pattern}'`,
  'line.event_key': partOfLine('event_key'),
  'line.event_date': partOfLine('event_date'),
  'line.event_time': partOfLine('event_time'),
  ended: texts(ENDED_STATUSES),
  ended_well: texts(ENDED_WELL_STATUSES),
  failed: texts(FAILED_STATUSES),
  open: texts(OPEN_STATUSES),
  max_integer: String(Number.MAX_SAFE_INTEGER),
  units: stripped(units),
  seven_days: stripped(sevenDays),
  since: stripped(since),
  edges: stripped(edges),
  unit_events: stripped(unitEvents),
  facts: stripped(facts).trimStart(),
  run_facts: stripped(runFacts).trimStart(),
  judged: stripped(judged),
  runs: stripped(runs),
  counts: SUMS.map(countOf).join(',\n    '),
  outermost_places: SUMS.map(outermostPlaceOf).join(',\n    '),
  run_sums: SUMS.map(runSumsOf).join(',\n    '),
  paths: pathsOf(dialect),
  'unnest.paths': unnestedPaths(dialect),
  default_lease_ms: String(DEFAULT_LEASE_MS),
  ledger_reporter: `'${LEDGER_REPORTER}'`,
  failed_lease_ms: String(FAILED_LEASE_MS),
  max_lease_ms: String(MAX_LEASE_MS),
  shown_step_columns: shownStepColumns(),
  object: objectKey(dialect),
  run_state: stripped(runState),
  status_at: stripped(statusAt),
  step_status: stripped(stepStatus),
  worst_status: stripped(worstStatus),
  incident_measures: stripped(incidentMeasures),
  ...errorMeaning(),
  asked_from: ':since',
  asked_runs: stripped(askedRuns),
  run_costs: stripped(runCosts),
  asked_steps: stripped(askedSteps),
  known_edges: stripped(knownEdges),
  event_row: `row(${Object.entries(eventColumns)
    .map(([name, column]) => `${quotedName(name)} ${jsonTypeName(column.type, dialect)}`)
    .join(', ')})`,
  event_select: Object.entries(eventColumns)
    .map(([name, column]) => `    ${fromJson(name, column)} as ${quotedName(name)}`)
    .join(',\n'),
  told_sources: toldDatasets('input_sources', dialect),
  told_targets: toldDatasets('output_targets', dialect),
  written_targets: writtenTargets(dialect),
  last_written: lastWritten(dialect),
  recovery_row: typeName(RECOVERY, dialect),
  'unnest.decisions': unnest('l.decisions', 'd', { type: RECOVERY.row.recovery.row.decisions }, dialect),
  ledger_name: LEDGER_REPORTER,
  'unnest.run_sources': unnest('r.input_sources', 's', runTableColumns.input_sources, dialect),
  'unnest.run_targets': unnest('r.output_targets', 't', runTableColumns.output_targets, dialect),
  'unnest.quality': unnest('l.quality', 'u', eventColumns.quality, dialect),
  'unnest.dataset_fields': unnest('l.dataset_fields', 'u', eventColumns.dataset_fields, dialect),
  ...Object.fromEntries(TABLES.flatMap(({ name, columns, key }) => tableFragments(name, columns, key))),
});

/** What a run's attempt counted itself, and what a step counted for the newest execution of its run. */
const countOf = (name: string): string =>
  `case when unit = 'attempt' and coalesce(told_${name}[1] >= since, true) then told_${name}[3] end as own_${name},
    case when is_current and coalesce(told_${name}[1] >= counted_since, true) then told_${name}[3] end as count_${name}`;

const sideOf = (name: string): 'in' | 'out' => (name.endsWith('_in') ? 'in' : 'out');

/** Where in its run the outermost step stands that counted: the first that read, the last that wrote. */
const outermostPlaceOf = (name: string): string =>
  `${sideOf(name) === 'in' ? 'min' : 'max'}(case when count_${name} is not null then place_in_run end)
      over (partition by environment, process_name, run_id) as place_${name}`;

/** A total of a run: its attempt's own; what its steps at the edge counted; what the instances of its outermost step did. */
const runSumsOf = (name: string): string => `max(own_${name}) as attempt_${name},
    sum(cast(case when is_edge_${sideOf(name)} = 1 then count_${name} end as decimal(38, 0))) as edge_${name},
    sum(cast(case when step_name = place_${name}[3] then count_${name} end as decimal(38, 0))) as outermost_${name}`;

/** A step's columns, and those of the row that it replaces: its key without the index. */
const shownStepColumns = (): string =>
  Object.keys(stepStateColumns)
    .map((name) =>
      name === 'step_index' ? 'case when not copy.gone then s.step_index end as step_index' : `s.${quotedName(name)}`,
    )
    .join(', ');

/** What is read of a line of the log of recoveries. */
const RECOVERY = {
  row: {
    recovery: {
      row: {
        environment: 'varchar',
        process_name: 'varchar',
        slot: 'varchar',
        decisions: {
          array: {
            row: {
              number: 'integer',
              at: 'varchar',
              kind: 'varchar',
              reason: 'varchar',
              text: 'varchar',
              run_id: 'varchar',
              new_run_id: 'varchar',
              who: 'varchar',
            },
          },
        },
      },
    },
  },
} as const satisfies ColumnType;

const texts = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(', ');

/** A stamp of a line that accept wrote, read from its place. */
const partOfLine = (stamp: 'event_key' | 'event_date' | 'event_time'): string =>
  `substr(line, ${CANONICAL_LINE[stamp].start}, ${CANONICAL_LINE[stamp].length})`;

/**
 * One row per element of an array of rows, its fields as columns of `alias`. Trino's unnest spreads a row over columns;
 * DuckDB's keeps it whole unless asked to go one level deeper.
 */
function unnest(
  array: string,
  alias: string,
  { type }: { readonly type: { readonly array: { readonly row: object } } },
  dialect: Dialect,
): string {
  const fields = Object.keys(type.array.row).map(quotedName).join(', ');
  return dialect === 'trino'
    ? `cross join unnest(${array}) as ${alias} (${fields})`
    : `cross join lateral (select unnest(${array}, max_depth := 2)) as ${alias} (${fields})`;
}

/** The sources or targets an event names that have a path, by type and path; null when it has none. */
const toldDatasets = (name: 'input_sources' | 'output_targets', dialect: Dialect): string =>
  dialect === 'trino'
    ? `nullif(transform(filter(l.${name}, d -> d.path is not null),
      d -> cast(row(coalesce(d."type", ''), d.path) as row("type" varchar, path varchar))), array[])`
    : `nullif(list_transform(list_filter(l.${name}, lambda d: d.path is not null),
      lambda d: {'type': coalesce(d.type, ''), 'path': d.path}), [])`;

/** The targets of some events, with the time of the last of these. */
const writtenTargets = (dialect: Dialect): string =>
  dialect === 'trino'
    ? `transform(targets, d -> cast(row(d."type", d.path, last_told_at) as row("type" varchar, path varchar, written_at timestamp(6))))`
    : `list_transform(targets, lambda d: {'type': d.type, 'path': d.path, 'written_at': last_told_at})`;

/** Of the sorted targets, each once: the last of those of one type and path. */
const lastWritten = (dialect: Dialect): string =>
  dialect === 'trino'
    ? `filter(zip_with(targets, slice(targets, 2, cardinality(targets)),
      (d, next) -> case when next is null or next.path <> d.path or next."type" <> d."type" then d end), d -> d is not null)`
    : `list_filter(targets,
      lambda d, place: place = len(targets) or targets[place + 1].path <> d.path or targets[place + 1].type <> d.type)`;

/** The paths an event reads, each behind an `r`, and writes, behind a `w`; null when it has none. */
const pathsOf = (dialect: Dialect): string =>
  dialect === 'trino'
    ? `nullif(filter(concat(
      coalesce(transform(l.input_sources, s -> 'r' || s.path), cast(array[] as array(varchar))),
      coalesce(transform(l.output_targets, t -> 'w' || t.path), cast(array[] as array(varchar)))
    ), p -> p is not null), array[])`
    : `nullif(list_filter(list_concat(
      coalesce(list_transform(l.input_sources, lambda s: 'r' || s.path), []),
      coalesce(list_transform(l.output_targets, lambda t: 'w' || t.path), [])
    ), lambda p: p is not null), [])`;

/** Each path of a step once, and null once; of everything else null alone. */
function unnestedPaths(dialect: Dialect): string {
  const paths = `coalesce(case when unit = 'step' then array_distinct(paths) || array[cast(null as varchar)] end, array[cast(null as varchar)])`;
  return dialect === 'trino' ? `unnest(${paths}) as p (path)` : `lateral (select unnest(${paths})) as p (path)`;
}

/** The key of the object a line lies in. `"$path"` is that key on a laptop, and `s3://bucket/key` to Athena. */
const objectKey = (dialect: Dialect): string =>
  dialect === 'trino' ? `regexp_replace("$path", '^s3://[^/]+/', '')` : '"$path"';

function tableFragments(table: string, columns: Columns, key: readonly string[]): [string, string][] {
  const names = Object.keys(columns).map(quotedName);
  const others = Object.keys(columns)
    .filter((name) => !key.includes(name))
    .map(quotedName);
  return [
    [`${table}.columns`, names.join(', ')],
    [`${table}.source_columns`, names.map((name) => `s.${name}`).join(', ')],
    [`${table}.assignments`, others.map((name) => `${name} = s.${name}`).join(', ')],
    [`${table}.differs`, others.map((name) => `t.${name} is distinct from s.${name}`).join(' or ')],
  ];
}

/** Accept writes instants in one form only, `YYYY-MM-DDTHH:MM:SS.sssZ`, so that reading them is plain. */
function fromJson(name: string, { type }: Column): string {
  const field = `e.${quotedName(name)}`;
  if (type === 'date') return `cast(${field} as date)`;
  if (type !== 'timestamp') return field;
  return `try_cast(concat(substr(${field}, 1, 10), ' ', substr(${field}, 12, 12)) as timestamp(6))`;
}

/** The comment a file begins with says what it is to a reader of the file; inside another text it would only repeat. */
function stripped(text: string): string {
  return text.replace(/^(?:--[^\n]*\n)+/, '').trimEnd();
}
