import type { DuckDBConnection } from '@duckdb/node-api';
import { logColumns, TABLES } from '../../core/columns.ts';
import { quotedName } from '../../sql/dialect.ts';
import { type Database, quoted } from './database.ts';

/** Where a rebuild writes: the same tables in a schema of their own, in the same database. */
export const BESIDE = 'rebuilt';

export type TableName = (typeof TABLES)[number]['name'];

export interface TableChecksum {
  readonly rows: number;
  /** Sum over the rows of a hash of their values: the order of rows does not matter. */
  readonly checksum: string;
}

export interface Beside {
  /** The checksum of a table in the real lake, or beside it. */
  checksum(schema: 'main' | typeof BESIDE, table: TableName, objects?: readonly string[]): Promise<TableChecksum>;
  /** Takes all rebuilt rows for the real ones, at once. */
  swapAll(): Promise<void>;
  /** Takes the rebuilt rows of these landed files for the real ones, at once. */
  swapLogs(objects: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** When a line arrived and where it lies says nothing of what happened, and copies of one event differ in it. */
const ARRIVAL = new Set(['received_at', 'arrival_hour', 'object', 'raw_payload']);

export async function openBeside(database: Database): Promise<Beside> {
  const connection = await database.connect();
  return {
    checksum: (schema, table, objects) => checksum(connection, schema, table, objects),
    swapAll: () =>
      atOnce(
        connection,
        TABLES.flatMap(({ name, columns }) => [`delete from main.${name}`, copy(name, Object.keys(columns))]),
      ),
    swapLogs: (objects) => {
      const list = objects.map(quoted).join(', ');
      return atOnce(connection, [
        `delete from main.pipeline_logs where object in (${list})`,
        `${copy('pipeline_logs', Object.keys(logColumns))} where object in (${list})
           and event_key not in (select event_key from main.pipeline_logs)`,
      ]);
    },
    close: async () => {
      await connection.run(`drop schema if exists ${BESIDE} cascade`);
      connection.closeSync();
    },
  };
}

const copy = (table: string, columns: readonly string[]): string => {
  const names = columns.map(quotedName).join(', ');
  return `insert into main.${table} (${names}) select ${names} from ${BESIDE}.${table}`;
};

async function atOnce(connection: DuckDBConnection, statements: readonly string[]): Promise<void> {
  await connection.run('begin transaction');
  try {
    for (const statement of statements) await connection.run(statement);
    await connection.run('commit');
  } catch (error) {
    await connection.run('rollback');
    throw error;
  }
}

async function checksum(
  connection: DuckDBConnection,
  schema: string,
  table: TableName,
  objects: readonly string[] | undefined,
): Promise<TableChecksum> {
  const columns = TABLES.find(({ name }) => name === table)?.columns ?? {};
  const compared = Object.keys(columns).filter((name) => !ARRIVAL.has(name));
  const scope = objects === undefined ? '' : ofObjects(schema, objects);
  const reader = await connection.runAndReadAll(
    `select count(*) as row_count, cast(coalesce(sum(cast(hash(row(${compared.map(quotedName).join(', ')})) as hugeint)), 0) as varchar) as checksum
     from ${schema}.${table} ${scope}`,
  );
  const [row] = reader.getRowObjectsJson();
  return { rows: Number(row?.row_count ?? 0), checksum: String(row?.checksum ?? '0') };
}

/** Of an event that landed twice the row bears one file: rebuilt from some files alone, it may be another one's. */
function ofObjects(schema: string, objects: readonly string[]): string {
  const list = objects.length === 0 ? 'null' : objects.map(quoted).join(', ');
  const own = `where object in (${list})`;
  return schema === 'main'
    ? own
    : `${own} and event_key not in (select event_key from main.pipeline_logs where object not in (${list}))`;
}
