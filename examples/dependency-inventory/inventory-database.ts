import { mkdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Measure } from './measure-files.ts';
import type { Manifest } from './read-manifests.ts';

export interface WrittenFile {
  readonly file: string;
  readonly size_bytes: number;
  readonly records: number;
}

/** DuckDB in memory: the tables of one inventory. Each method returns the number of rows it made. */
export interface InventoryDatabase extends Disposable {
  join(manifests: readonly Manifest[], measures: readonly Measure[]): Promise<number>;
  aggregate(): Promise<number>;
  /** Writes `inventory.parquet` and `by-licence.parquet`. A reader never sees half a file. */
  write(dir: string): Promise<readonly WrittenFile[]>;
}

export async function openInventoryDatabase(): Promise<InventoryDatabase> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  return {
    async join(manifests, measures) {
      await connection.run(TABLES);
      await fill(connection, 'manifests', manifests.map(manifestRow));
      await fill(
        connection,
        'measures',
        measures.map(({ path, files, bytes }) => [path, BigInt(files), BigInt(bytes)]),
      );
      await connection.run(JOIN);
      return countOf(connection, 'inventory');
    },
    async aggregate() {
      await connection.run(AGGREGATE);
      return countOf(connection, 'by_licence');
    },
    async write(dir) {
      await mkdir(dir, { recursive: true });
      return [
        await writeParquet(connection, 'inventory', 'path', join(dir, 'inventory.parquet')),
        await writeParquet(connection, 'by_licence', 'bytes desc, licence', join(dir, 'by-licence.parquet')),
      ];
    },
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const TABLES = `
create table manifests (path varchar, name varchar, version varchar, licence varchar, dependencies bigint, manifest_bytes bigint);
create table measures (path varchar, files bigint, bytes bigint);`;

const JOIN = `
create table inventory as
select path, name, version, licence, dependencies, coalesce(files, 0) as files, coalesce(bytes, 0) as bytes
from manifests
left join measures using (path)`;

const AGGREGATE = `
create table by_licence as
select coalesce(licence, 'unknown') as licence, count(*) as packages, sum(files)::bigint as files, sum(bytes)::bigint as bytes
from inventory
group by 1`;

type Cell = string | bigint | null;

const manifestRow = ({ path, name, version, licence, dependencies, manifest_bytes }: Manifest): Cell[] => [
  path,
  name,
  version,
  licence,
  BigInt(dependencies),
  BigInt(manifest_bytes),
];

async function fill(connection: DuckDBConnection, table: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  const appender = await connection.createAppender(table);
  for (const row of rows) {
    for (const cell of row) {
      if (cell === null) appender.appendNull();
      else if (typeof cell === 'string') appender.appendVarchar(cell);
      else appender.appendBigInt(cell);
    }
    appender.endRow();
  }
  appender.closeSync();
}

async function countOf(connection: DuckDBConnection, table: string): Promise<number> {
  const reader = await connection.runAndReadAll(`select count(*) from ${table}`);
  return Number(reader.getRows()[0]?.[0]);
}

async function writeParquet(
  connection: DuckDBConnection,
  table: string,
  order: string,
  file: string,
): Promise<WrittenFile> {
  const part = `${file}.part`;
  const literal = `'${part.replaceAll("'", "''")}'`;
  await connection.run(`copy (from ${table} order by ${order}) to ${literal} (format parquet, compression zstd)`);
  await rename(part, file);
  return { file, size_bytes: (await stat(file)).size, records: await countOf(connection, table) };
}
