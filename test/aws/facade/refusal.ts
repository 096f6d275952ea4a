/** What Athena answers to a statement it does not take, although Trino would. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** Statements Trino runs and Athena does not. Each with where Athena says so. */
const REFUSED: readonly { readonly pattern: RegExp; readonly why: string }[] = [
  {
    // Athena: Unsupported DDL.
    pattern:
      /^(start transaction|commit|rollback|grant|revoke|deny|create role|drop role|create table \S+ \(like|show grants|set role)\b/i,
    why: 'the statement is not supported',
  },
  {
    // Athena: Considerations and limitations for SQL queries, "Stored procedures".
    pattern: /^call\b/i,
    why: 'stored procedures are not supported',
  },
  {
    // Athena: Considerations and limitations for SQL queries, "Unsupported statements".
    pattern: /^describe (input|output)\b/i,
    why: 'DESCRIBE INPUT and DESCRIBE OUTPUT are not supported',
  },
  {
    // Athena: SQL reference; neither its DDL nor its DML has them.
    pattern:
      /^(set session|reset session|use|comment on|analyze|truncate table|create catalog|drop catalog|create function|drop function|create materialized view|refresh materialized view|create schema .* authorization)\b/i,
    why: 'there is no such statement',
  },
  {
    // Athena: Optimize Iceberg tables; maintenance is OPTIMIZE and VACUUM there.
    pattern: /^alter table \S+ execute\b/i,
    why: "mismatched input 'EXECUTE'",
  },
  {
    // Athena: ALTER TABLE ADD COLUMNS; the singular form is Trino's.
    pattern: /^alter table \S+ add column\b/i,
    why: "mismatched input 'COLUMN'",
  },
  {
    // Athena: CREATE TABLE; WITH (…) belongs to CREATE TABLE AS only.
    pattern: /^create table (if not exists )?\S+ ?\([^)]*\) with\b/i,
    why: "mismatched input 'WITH'",
  },
  {
    // sqlfluff issue 4633: an inline comment in CREATE VIEW or CREATE TABLE swallows the rest of the statement.
    pattern: /^create\b[\s\S]*--/i,
    why: "mismatched input '<EOF>'",
  },
  {
    // Athena: Considerations and limitations for views, "hidden metadata columns".
    pattern: /^create (or replace )?view\b[\s\S]*"\$(bucket|file_modified_time|file_size|partition)"/i,
    why: 'views do not support this hidden column',
  },
  {
    // Athena: Service quotas, and the console's own words.
    pattern: /;\s*\S/,
    why: 'Only one sql statement is allowed',
  },
];

/** Athena: Service Quotas, "The maximum allowed query string length is 262144 bytes". */
const LONGEST_QUERY_BYTES = 262_144;

/** Throws a `Refusal` for a statement that Athena does not take. */
export function refuseWhatAthenaRefuses(statement: string): void {
  if (Buffer.byteLength(statement) > LONGEST_QUERY_BYTES) {
    throw new Refusal(`Your query has exceeded the maximum query length of ${LONGEST_QUERY_BYTES} bytes`);
  }
  const withoutText = statement.replace(/'(?:[^']|'')*'/g, "''");
  const normal = withoutText.replace(/^(\s*--[^\n]*\n)+/, '').trim();
  for (const { pattern, why } of REFUSED) {
    const oneLine = normal.includes('--') ? normal : normal.replace(/\s+/g, ' ');
    if (pattern.test(oneLine)) throw new Refusal(`FAILED: ${why}: ${normal.slice(0, 100)}`);
  }
}

/** Types no column of an Athena view or CTAS may have (aws-sdk-pandas issue 86, dbt-athena issue 115). */
export function refuseViewColumns(columns: readonly { readonly name: string; readonly type: string }[]): void {
  for (const { name, type } of columns) {
    if (/with time zone|^time\b|^unknown$|^json$|^interval/.test(type)) {
      throw new Refusal(`NOT_SUPPORTED: Unsupported Hive type: ${type} (column ${name})`);
    }
  }
}
