import { beforeAll, describe, expect, test } from 'vitest';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { type AwsLake, openAwsLake } from './lake.ts';

const statement = (text: string) => defineQuery({ name: 'by_hand', text, parameters: {}, columns: {} });
const run = (engine: QueryEngine, text: string) => engine.query(statement(text), {});

describe('tables that are there', () => {
  let lake: AwsLake;
  beforeAll(async () => {
    lake = await openAwsLake({ migrated: false });
    expect(await lake.engine.migrate()).toEqual([
      'created table raw_lines',
      'created table rejected_lines',
      'created table access_lines',
      'created table incident_lines',
      'created table slot_lines',
      'created table recovery_lines',
      'created table act_lines',
      ...TABLES.map(({ name }) => `created table ${name}`),
    ]);
  });

  test('migrating twice changes nothing', async () => {
    expect(await lake.engine.migrate()).toEqual([]);
  });

  test('a column that is missing is added, and the rows stay', async () => {
    await run(lake.engine, "insert into job_metrics (environment, run_date) values ('prod', date '2025-11-03')");
    await run(lake.engine, 'alter table job_metrics drop column lost_count');
    expect(await lake.engine.migrate()).toEqual(['added column job_metrics.lost_count']);
    const query = defineQuery({
      name: 'q',
      text: 'select environment, lost_count from job_metrics',
      parameters: {},
      columns: {
        environment: { type: 'varchar', comment: 'as inserted' },
        lost_count: { type: 'bigint', comment: 'new' },
      },
    });
    expect(await lake.engine.query(query, {})).toEqual([{ environment: 'prod', lost_count: null }]);
  });

  test('a column that only a newer ledger knows does no harm', async () => {
    await run(lake.engine, 'alter table pipeline_run_state add columns (`from_the_future` string)');
    expect(await lake.engine.migrate()).toEqual([]);
    for (const { name } of [...TABLES, ...VIEWS]) await run(lake.engine, `select * from ${name} limit 1`);
  });

  test('two migrations at once make one set of tables', async () => {
    const other = await openAwsLake({ migrated: false });
    await Promise.all([other.open().migrate(), other.open().migrate()]);
    expect(await other.engine.migrate()).toEqual([]);
  });
});

test('what someone altered by hand is named, and nothing is touched', async () => {
  const lake = await openAwsLake({ migrated: false });
  await run(lake.engine, 'create view raw_lines as select 1 as line');
  await run(lake.engine, `create external table current_runs (a string) location 's3://${lake.bucket}/other/'`);
  await run(
    lake.engine,
    `create table job_metrics (environment string, lost_count string) location 's3://${lake.bucket}/other/' tblproperties ('table_type' = 'ICEBERG')`,
  );
  await run(lake.engine, `create external table pipeline_logs (line string) location 's3://${lake.bucket}/logs/'`);
  await expect(lake.engine.migrate()).rejects.toThrow(
    `the tables in ${lake.database} are not as the ledger made them: raw_lines expected an external table, got a view; ` +
      'pipeline_logs expected an Iceberg table, got another kind of table; ' +
      'job_metrics.lost_count expected bigint, got varchar; ' +
      'current_runs expected a view, got another kind of table. Nothing was changed.',
  );
  await expect(run(lake.engine, 'select 1 from pipeline_run_state')).rejects.toThrow('TABLE_NOT_FOUND');
});
