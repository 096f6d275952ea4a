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
 * Compares a table of the ledger with the one of the same name in the database `beside`, and makes the real one equal
 * to it, partition days at a time. With an arrival day only the events of that day count: those of `pipeline_logs`.
 * In Trino's dialect, and named `t` and `b` throughout.
 */
export function shadowStatements(name: TableName, beside: string, arrivalDay?: string) {
  if (!/^[a-z0-9_]+$/.test(beside)) throw new TypeError(`expected the name of a database, but came ${beside}`);
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
  // Of an event that landed twice the row bears one file: rebuilt from one day alone, it may be another day's.
  const elsewhere =
    arrivalDay === undefined
      ? ''
      : `\n    and b.event_key not in (
      select event_key
      from ${name}
      where event_date in (:days)
        and substr(arrival_hour, 1, 10) <> '${arrivalDay}'
    )`;
  const rebuilt = `from ${beside}.${name} as b
  where b.${day} in (:days)${inScope('b')}${elsewhere}`;

  return {
    days: defineQuery({
      name: `days_of_${name}`,
      text: `-- The partition days that have rows, here or beside.
select distinct day
from (
  select t.${day} as day from ${name} as t where t.${day} is not null${inScope('t')}
  union all
  select b.${day} as day from ${beside}.${name} as b where b.${day} is not null${inScope('b')}
) as known
order by day`,
      parameters: {},
      columns: dayColumns,
    }),
    realChecksum: defineQuery({
      name: `checksum_${name}`,
      text: `-- The rows as they stand.
select cast(count(*) as bigint) as row_count, coalesce(to_hex(checksum(row(${compared.map((each) => `t.${each}`).join(', ')}))), '') as checksum
from ${name} as t
where t.${day} in (:days)${inScope('t')}`,
      parameters: { days: 'dates' },
      columns: checksumColumns,
    }),
    rebuiltChecksum: defineQuery({
      name: `checksum_rebuilt_${name}`,
      text: `-- The rows as they were rebuilt.
select cast(count(*) as bigint) as row_count, coalesce(to_hex(checksum(row(${compared.map((each) => `b.${each}`).join(', ')}))), '') as checksum
${rebuilt}`,
      parameters: { days: 'dates' },
      columns: checksumColumns,
    }),
    /** Rows that stand more than once all go: the next statement puts one back. */
    deleteDuplicates: statement(
      `forget_doubles_${name}`,
      `-- Forgets rows of which there are more than one.
delete from ${name}
where ${day} in (:days)${arrived}
  and (${owner(key)}) in (
    select ${owner(key)}
    from ${name}
    where ${day} in (:days)${arrived}
    group by ${key.join(', ')}
    having count(*) > 1
  )`,
    ),
    /** One commit: whoever reads sees the old rows or the new ones. */
    replaceRows: statement(
      `take_over_${name}`,
      `-- Makes the rows of these days what was rebuilt: changes what differs, adds what is missing, deletes what is too much.
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

/** Of a step its run: what compares as a row must not be null, and steps may have no index. */
const owner = (key: readonly string[]): string => key.filter((column) => !column.startsWith('step_')).join(', ');
