import { afterEach, expect, test } from 'vitest';
import { TABLES, VIEWS } from '../../../core/schema/columns.ts';
import { lineTables } from '../../../sql/athena-ddl.ts';
import { isReserved } from '../../aws/facade/hive-words.ts';
import { anAthena, type FakeAthena } from './an-athena.ts';

let athena: FakeAthena;
afterEach(() => athena.close());

const statements = async (tryName = 'deploy-1'): Promise<readonly string[]> => {
  athena = await anAthena();
  await athena.engine({ tryName }).migrate();
  return athena.bodiesOf('StartQueryExecution').map(({ QueryString }) => String(QueryString));
};

test('an empty database gets every table and view, each after what it reads', async () => {
  const names = (await statements()).map(
    (text) => /^create (?:or replace )?(?:external )?\w+ (?:if not exists )?(\w+)/.exec(text)?.[1],
  );
  expect(names).toEqual([
    'raw_lines',
    'rejected_lines',
    'access_lines',
    'incident_lines',
    'slot_lines',
    'recovery_lines',
    'act_lines',
    ...TABLES.map(({ name }) => name),
    ...VIEWS.map(({ name }) => name),
  ]);
});

test('a view that another migration makes at the same moment is replaced', async () => {
  const before = lineTables('ledger-bucket').length + TABLES.length;
  const lost = { states: ['FAILED'], reason: "ALREADY_EXISTS: View already exists: 'lake.current_runs'", category: 2 };
  athena = await anAthena(...Array.from({ length: before }, () => ({})), lost);
  await athena.engine({ tryName: 'deploy-1' }).migrate();
  const texts = athena.bodiesOf('StartQueryExecution').map(({ QueryString }) => String(QueryString));
  expect(texts.filter((text) => text.includes(`view ${VIEWS[0].name} as`))).toHaveLength(2);
  expect(texts).toHaveLength(before + VIEWS.length + 1);
});

test('no statement holds a comment, which Athena would take for its end', async () => {
  for (const text of await statements()) expect(text.replace(/'[^']*'/g, '')).not.toContain('--');
});

test("tables are declared in Hive's words, columns in backticks, of a struct's fields only the reserved one", async () => {
  const all = await statements();
  const logs = all.find((text) => text.includes('exists pipeline_logs')) ?? '';
  expect(logs).toContain('  `user` string,\n');
  expect(logs).toContain('  `event_time` timestamp,\n');
  expect(logs).toContain('  `step_index` int,\n');
  expect(logs).toContain('  `params` map<string,string>,\n');
  expect(logs).toContain('array<struct<type:string,path:string,`partition`:string,size_bytes:bigint,records:bigint>>');
  expect(logs).toMatch(
    /partitioned by \(`event_date`\)\nlocation 's3:\/\/ledger-bucket\/tables\/pipeline_logs-[0-9a-f]{8}\/'/,
  );
  expect(all[0]).toBe(`create external table if not exists raw_lines (\`line\` string)
partitioned by (\`dt\` string, \`hh\` string)
stored as textfile
location 's3://ledger-bucket/raw/'
tblproperties (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy-MM-dd',
  'projection.dt.range' = '2025-01-01,NOW+1DAYS',
  'projection.dt.interval' = '1',
  'projection.dt.interval.unit' = 'DAYS',
  'projection.hh.type' = 'integer',
  'projection.hh.range' = '0,23',
  'projection.hh.digits' = '2',
  'storage.location.template' = 's3://ledger-bucket/raw/dt=\${dt}/hh=\${hh}/'
)`);
});

test('within a struct every word that is reserved in DDL stands in backticks, and no other', async () => {
  const fields = (await statements()).flatMap((text) =>
    [...text.matchAll(/[<,](`?)(\w+)`?:/g)].map(([, quote, name = '']) => ({ name, isQuoted: quote === '`' })),
  );
  expect(fields.length).toBeGreaterThan(20);
  for (const { name, isQuoted } of fields) expect({ name, isQuoted }).toEqual({ name, isQuoted: isReserved(name) });
});

test('every try makes its tables where no other has left files', async () => {
  const location = (all: readonly string[]) => /location '(.*logs.*)'/.exec(all.join('\n'))?.[1];
  const first = location(await statements('deploy-1'));
  await athena.close();
  expect(location(await statements('deploy-1'))).toBe(first);
  await athena.close();
  expect(location(await statements('deploy-2'))).not.toBe(first);
});
