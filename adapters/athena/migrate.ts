import { createHash } from 'node:crypto';
import { FOLDERS } from '../../core/object-keys.ts';
import { REBUILT_TABLES, TABLES } from '../../core/schema/columns.ts';
import {
  addIcebergColumn,
  createAthenaViews,
  createIcebergTable,
  createLineTable,
  lineTables,
} from '../../sql/athena-ddl.ts';
import { alterationsOf } from './alterations.ts';
import { findTables, readCatalog } from './catalog.ts';
import type { AthenaOptions } from './options.ts';
import type { RunStatement } from './statement.ts';
import { StatementFailed } from './statement-failed.ts';

/**
 * Creates missing tables, adds new columns and replaces the views; returns what it did, a phrase each. A second run
 * changes nothing; nothing is ever dropped. Throws when people have altered a table: the error names every difference,
 * and nothing is changed.
 */
export async function migrate(options: AthenaOptions, runStatement: RunStatement): Promise<readonly string[]> {
  const { bucket, database } = options;
  const catalog = await readCatalog(options, runStatement);
  const alterations = alterationsOf(catalog, bucket);
  if (alterations.length > 0) {
    throw new Error(
      `the tables in ${database} are not as the ledger made them: ${alterations.join('; ')}. ` +
        'Nothing was changed. Change them back, or rename them so that they are made anew, then deploy again',
    );
  }
  const done: string[] = [];
  const create = async (name: string, text: string): Promise<void> => {
    try {
      await runStatement(`create_${name}`, text);
    } catch (error) {
      // Another migration may have made it in the meantime.
      if (!(await findTables(options)).has(name)) throw error;
    }
    done.push(`created table ${name}`);
  };
  for (const table of lineTables(bucket)) {
    if (!catalog.tables.has(table.name)) await create(table.name, createLineTable(table, bucket));
  }
  for (const table of TABLES) {
    const known = catalog.columns.get(table.name);
    if (known === undefined) {
      await create(table.name, createIcebergTable(table, newLocation(options, table.name)));
      continue;
    }
    for (const [name, { type }] of Object.entries(table.columns)) {
      if (known.has(name)) continue;
      await runStatement(`add_${table.name}.${name}`, addIcebergColumn(table.name, name, type));
      done.push(`added column ${table.name}.${name}`);
    }
  }
  // Always: Athena calls a view stale once a table under it has changed (Athena: Considerations for views).
  for (const { name, text } of createAthenaViews()) {
    await runStatement(`create_${name}`, text).catch((error: unknown) => {
      // Another migration made it at the same moment: the engine found none to replace.
      if (!(error instanceof StatementFailed && /already exists/i.test(error.message))) throw error;
      return runStatement(`create_${name}`, text);
    });
  }
  return done;
}

const isRebuilt: ReadonlySet<string> = new Set(REBUILT_TABLES.map(({ name }) => name));

/** Creates the tables that a rebuild builds, and no view, in a database that has none. */
export async function createTables(options: AthenaOptions, runStatement: RunStatement): Promise<void> {
  const { bucket } = options;
  await Promise.all([
    ...lineTables(bucket).map((table) => runStatement(`create_${table.name}`, createLineTable(table, bucket))),
    ...TABLES.filter(({ name }) => isRebuilt.has(name)).map((table) =>
      runStatement(`create_${table.name}`, createIcebergTable(table, newLocation(options, table.name))),
    ),
  ]);
}

/** A folder that no other try has used: a try that was cut off, or a deleted stack, may have left files in theirs. */
function newLocation({ bucket, tryName }: AthenaOptions, table: string): string {
  const suffix = createHash('sha256').update(tryName).digest('hex').slice(0, 8);
  return `s3://${bucket}/${FOLDERS.tables}/${table}-${suffix}/`;
}
