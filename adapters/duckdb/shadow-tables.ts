import type { ShadowTables, TableChecksum } from '../../core/ports/shadow-tables.ts';
import { ARRIVAL_COLUMNS, logColumns, REBUILT_TABLES, type TableName } from '../../core/schema/columns.ts';
import { quotedName } from '../../sql/type-names.ts';
import type { Lake } from './lake.ts';
import { openQueryEngine } from './query-engine.ts';
import { quoted } from './quoted.ts';

/** The schema a rebuild writes in: the same tables, in the same database. */
const SHADOW_SCHEMA = 'rebuilt';

/** Makes empty shadow tables. Each swap is one transaction. */
export async function openShadowTables(lake: Lake): Promise<ShadowTables> {
  const engine = await openQueryEngine(lake, SHADOW_SCHEMA);
  await engine.migrate();
  return {
    engine,
    checksum: (of, table, day) => checksum(lake, of === 'real' ? 'main' : SHADOW_SCHEMA, table, day),
    swapAll: () =>
      atOnce(
        lake,
        REBUILT_TABLES.flatMap(({ name, columns }) => [`delete from main.${name}`, copy(name, Object.keys(columns))]),
      ),
    swapLogs: (day) =>
      atOnce(lake, [
        `delete from main.pipeline_logs where ${arrivedOn(day)}`,
        `${copy('pipeline_logs', Object.keys(logColumns))} where ${arrivedOn(day)}
           and event_key not in (select event_key from main.pipeline_logs)`,
      ]),
    close: async () => {
      await lake.run('main', [`drop schema if exists ${SHADOW_SCHEMA} cascade`]);
    },
  };
}

const arrivedOn = (day: string): string => `substr(arrival_hour, 1, 10) = ${quoted(day)}`;

const copy = (table: string, columns: readonly string[]): string => {
  const names = columns.map(quotedName).join(', ');
  return `insert into main.${table} (${names}) select ${names} from ${SHADOW_SCHEMA}.${table}`;
};

async function atOnce(lake: Lake, statements: readonly string[]): Promise<void> {
  await lake.run('main', ['begin transaction', ...statements, 'commit']);
}

/** Sum over the rows of a hash of their values. */
async function checksum(lake: Lake, schema: string, table: TableName, day: string | undefined): Promise<TableChecksum> {
  const columns = REBUILT_TABLES.find(({ name }) => name === table)?.columns ?? {};
  const compared = Object.keys(columns).filter((name) => !ARRIVAL_COLUMNS.has(name));
  const scope = day === undefined ? '' : ofDay(schema, day);
  const [row] = await lake.run('main', [
    `select count(*) as row_count, cast(coalesce(sum(cast(hash(row(${compared.map(quotedName).join(', ')})) as hugeint)), 0) as varchar) as checksum
     from ${schema}.${table} ${scope}`,
  ]);
  return { rows: Number(row?.row_count ?? 0), checksum: String(row?.checksum ?? '0') };
}

/** The row of an event that landed twice names one file: rebuilt from one day alone, it may be another day's. */
function ofDay(schema: string, day: string): string {
  const own = `where ${arrivedOn(day)}`;
  return schema === 'main'
    ? own
    : `${own} and event_key not in (select event_key from main.pipeline_logs where not ${arrivedOn(day)})`;
}
