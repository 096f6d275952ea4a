import type { Expectations } from '../core/pipelines/expectations.ts';
import { TABLES, VIEWS } from '../core/schema/columns.ts';
import { ofAll } from '../core/token/limit-errors.ts';
import type { Limits } from '../core/token/limits.ts';
import type { Dialect } from '../core/typed-query.ts';
import { LIMITED_QUESTIONS } from './limited-questions.ts';
import { literalOf } from './parameter.ts';
import { questionText } from './questions.ts';

/** What is theirs: by whose pipelines are, and where. */
export interface Scope {
  readonly limits: Limits;
  /** What the file of pipelines says of owners. */
  readonly expectations: Expectations;
  readonly dialect: Dialect;
}

/** The tables and views whose every row is of one pipeline, in one environment. */
const NARROWED: ReadonlySet<string> = new Set(
  [...TABLES, ...VIEWS]
    .filter(({ columns }) => 'environment' in columns && 'process_name' in columns)
    .map(({ name }) => name),
);

/**
 * The SELECT of a named question of what is theirs, with what a person gave. Throws as `questionText`, and `NotTheirsError`
 * when the question cannot be asked within limits.
 */
export function limitedQuestionText(scope: Scope, ...asked: Parameters<typeof questionText>): string {
  const text = questionText(...asked);
  const why = refusalOf(asked[0]);
  if (why !== undefined) throw ofAll(scope.limits, why);
  return limitedText(text, scope);
}

/** Why the question cannot be asked within limits; undefined: it can. */
function refusalOf(question: string): string | undefined {
  const decided = Object.hasOwn(LIMITED_QUESTIONS, question) ? LIMITED_QUESTIONS[question] : undefined;
  if (decided === 'theirs') return undefined;
  return decided?.refused ?? 'nobody has decided what of it is theirs';
}

/**
 * The text of a question that reads what is theirs alone: each table and view in it is a CTE of its name, which holds the
 * rows of their pipelines and no others, so that counts, neighbours and every other row come of these. Only for texts of
 * our own: an error in a condition of somebody else's could tell of rows that are left out. Throws when the text names a
 * table or view that is not narrowed.
 */
export function limitedText(text: string, scope: Scope): string {
  const code = text.replace(/^(?:\s*--[^\n]*\n)+/, '');
  const named = [...TABLES, ...VIEWS].map(({ name }) => name).filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const whole = named.find((name) => !NARROWED.has(name));
  if (whole !== undefined) throw new Error(`expected a question of tables that can be narrowed, but it reads ${whole}`);
  if (/^with\s+recursive\b/i.test(code)) throw new Error('expected a question that is not recursive');
  const ctes = [
    ...(scope.limits.owners === undefined ? [] : [toldOwners(scope.dialect)]),
    ...named.map((name) => narrowed(name, scope)),
  ];
  if (ctes.length === 0) return text;
  const rest = /^with\b/i.test(code) ? code.replace(/^with\b/i, ',') : code;
  return `with ${ctes.join(',\n')}\n${rest}`;
}

/** DuckDB reads a name within the CTE of that name as the CTE itself, Trino as the table. */
const real = (name: string, dialect: Dialect): string => (dialect === 'duckdb' ? `main.${name}` : name);

/** Whose each pipeline is, as its latest run that told an owner says. */
const toldOwners = (dialect: Dialect): string => `told_owners as (
  select environment, process_name,
    (max(row(coalesce(start_time, queued_at, first_event_at), run_id, owner)) filter (where owner is not null))[3] as owner
  from ${real('pipeline_run_state', dialect)}
  group by environment, process_name
)`;

function narrowed(name: string, { limits, expectations, dialect }: Scope): string {
  const { environments, owners } = limits;
  const conditions = [
    ...(environments === undefined ? [] : [`r.environment in (${texts(environments)})`]),
    ...(owners === undefined ? [] : [`${ownerOf(expectations)} in (${texts(owners)})`]),
    // The ledger's own troubles are of all.
    ...(name === 'incident_log' ? ["r.slot not like 'LEDGER%'"] : []),
  ];
  return `${name} as (
  select r.*
  from ${real(name, dialect)} as r${
    owners === undefined
      ? ''
      : `
  left join told_owners as o
    on o.environment = r.environment
    and o.process_name = r.process_name`
  }
  where ${conditions.join('\n    and ')}
)`;
}

/** As the file says, by the first of its patterns that matches; where it does not say, as runs tell. */
function ownerOf({ pipelines, otherwise }: Expectations): string {
  const whens = pipelines.map(({ pattern, environment, owner }) => {
    const matches = `r.process_name like ${literalOf('pattern', 'pattern', pattern)} escape '\\'`;
    const where = environment === undefined ? matches : `${matches} and r.environment = ${text(environment)}`;
    return `when ${where} then ${ownerOr(owner)}`;
  });
  return whens.length === 0 ? ownerOr(otherwise.owner) : `case ${whens.join(' ')} else ${ownerOr(otherwise.owner)} end`;
}

const ownerOr = (owner: string | undefined): string => (owner === undefined ? 'o.owner' : text(owner));

const text = (value: string): string => literalOf('limit', 'text', value);
const texts = (values: readonly string[]): string => literalOf('limits', 'texts', values);
