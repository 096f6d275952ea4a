import { ARRIVAL_COLUMNS, TABLES, type TableName } from '../core/schema/columns.ts';
import type { Query } from '../core/typed-query.ts';
import { defineQuery } from './define-query.ts';
import { quotedName } from './type-names.ts';

const checksumColumns = {
  row_count: { type: 'bigint', comment: 'rows' },
  checksum: { type: 'varchar', comment: 'of all rows, whatever their order' },
} as const;
const dayColumns = { day: { type: 'date', comment: 'a partition that has rows' } } as const;

/**
 * The statements that compare a table of the ledger with its shadow, the table of the same name in the database
 * `shadow`, and make the real one equal to it, partition days at a time. With `arrivalDay` (`YYYY-MM-DD`) only the
 * events that arrived on that day count: those of `pipeline_logs`. In Trino's dialect; the real table is `t`
 * throughout, its shadow `b`. Throws a TypeError when `shadow` is no name of a database.
 */
export function shadowStatements(name: TableName, shadow: string, arrivalDay?: string) {
  if (!/^[a-z0-9_]+$/.test(shadow)) throw new TypeError(`expected the name of a database, got ${shadow}`);
  const { columns, key, partitionedBy: day } = tableOf(name);
  const names = Object.keys(columns).map(quotedName);
  const compared = Object.keys(columns)
    .filter((column) => !ARRIVAL_COLUMNS.has(column))
    .map(quotedName);
  const others = compared.filter((column) => !key.map(quotedName).includes(column));
  const list = (of: string) => names.map((column) => `${of}.${column}`).join(', ');
  const sameKey = (a: string, b: string) =>
    key.map((column) => `${a}.${column} is not distinct from ${b}.${column}`).join('\n    and ');
  const inScope = (of: string) =>
    arrivalDay === undefined ? '' : `\n    and substr(${of}.arrival_hour, 1, 10) = '${arrivalDay}'`;
  const arrived = arrivalDay === undefined ? '' : `\n    and substr(arrival_hour, 1, 10) = '${arrivalDay}'`;
  // The row of an event that landed twice names one file: rebuilt from one day alone, it may be another day's.
  const elsewhere =
    arrivalDay === undefined
      ? ''
      : `\n    and b.event_key not in (
      select event_key
      from ${name}
      where event_date in (:days)
        and substr(arrival_hour, 1, 10) <> '${arrivalDay}'
    )`;
  const rebuilt = `from ${shadow}.${name} as b
  where b.${day} in (:days)${inScope('b')}${elsewhere}`;

  return {
    days: defineQuery({
      name: `days_of_${name}`,
      text: `-- The partition days that have rows, in the real table or in its shadow.
select distinct day
from (
  select t.${day} as day from ${name} as t where t.${day} is not null${inScope('t')}
  union all
  select b.${day} as day from ${shadow}.${name} as b where b.${day} is not null${inScope('b')}
) as known
order by day`,
      parameters: {},
      columns: dayColumns,
    }),
    realChecksum: defineQuery({
      name: `checksum_${name}`,
      text: `-- The rows of the real table.
select cast(count(*) as bigint) as row_count, coalesce(to_hex(checksum(row(${compared.map((each) => `t.${each}`).join(', ')}))), '') as checksum
from ${name} as t
where t.${day} in (:days)${inScope('t')}`,
      parameters: { days: 'dates' },
      columns: checksumColumns,
    }),
    rebuiltChecksum: defineQuery({
      name: `checksum_rebuilt_${name}`,
      text: `-- The rows of the shadow table.
select cast(count(*) as bigint) as row_count, coalesce(to_hex(checksum(row(${compared.map((each) => `b.${each}`).join(', ')}))), '') as checksum
${rebuilt}`,
      parameters: { days: 'dates' },
      columns: checksumColumns,
    }),
    /** Every copy of a row that is there more than once: the next statement puts one back. */
    deleteDuplicates: statement(
      `delete_duplicates_${name}`,
      `-- Deletes rows of which there are more than one.
delete from ${name}
where ${day} in (:days)${arrived}
  and (${runKeyColumns(key)}) in (
    select ${runKeyColumns(key)}
    from ${name}
    where ${day} in (:days)${arrived}
    group by ${key.join(', ')}
    having count(*) > 1
  )`,
    ),
    /** In one commit: a reader sees the old rows or the new ones. */
    replaceRows: statement(
      `replace_rows_${name}`,
      `-- Makes the rows of these days what was rebuilt: changes what differs, adds what is missing, deletes what should not be there.
merge into ${name} as t
using (
  select ${list('b')}, false as gone
  ${rebuilt}
  union all
  select ${list('t')}, true as gone
  from ${name} as t
  left join (select b.* ${rebuilt}) as b
    on ${sameKey('b', 't')}
  where t.${day} in (:days)${inScope('t')}
    and b.${key[0]} is null
) as s
on ${sameKey('t', 's')}
  and t.${day} in (:days)
when matched and s.gone then delete
when matched and (${others.length === 0 ? 'false' : others.map((column) => `t.${column} is distinct from s.${column}`).join(' or ')})
  then update set ${names
    .filter((column) => !key.map(quotedName).includes(column))
    .map((column) => `${column} = s.${column}`)
    .join(', ')}
when not matched and not s.gone then insert (${names.join(', ')})
  values (${list('s')})`,
    ),
  };
}

const statement = (name: string, text: string): Query<{ readonly days: 'dates' }, Record<never, never>> =>
  defineQuery({ name, text, parameters: { days: 'dates' }, columns: {} });

function tableOf(name: TableName) {
  const table = TABLES.find((each) => each.name === name);
  if (table === undefined) throw new Error(`there is no table ${name}`);
  return table;
}

/** The key without a step's columns: what SQL compares as a row must not be null, and a step may have no index. */
const runKeyColumns = (key: readonly string[]): string =>
  key.filter((column) => !column.startsWith('step_')).join(', ');
