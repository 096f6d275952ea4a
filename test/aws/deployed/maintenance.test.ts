import { randomUUID } from 'node:crypto';
import { afterAll, expect, inject, test } from 'vitest';
import { TABLES } from '../../../core/schema/columns.ts';
import { expectToAddUp, KEPT_SINCE } from './adding-up.ts';
import { statementsDuring } from './athena.ts';
import { expectToFollowFromEvents } from './derived.ts';
import { invoke } from './functions.ts';
import { openLedger } from './ledger.ts';
import { anew, aRun, dayAgo } from './told.ts';

const ledger = openLedger();
afterAll(() => ledger.live.close());

const counted = async (text: string): Promise<number> => {
  const [row] = await ledger.ask(`select cast(count(*) as bigint) as n from ${text}`, {
    n: { type: 'bigint', comment: 'how many' },
  });
  return row?.n ?? 0;
};
const filesOf = (day: string) =>
  counted(`"pipeline_logs$files" where content = 0 and file_path like '%event_date=${day}%'`);

test('every night small files of closed days become one, and what is past its time is forgotten day by day', async () => {
  const process = anew('nightly');
  const closed = dayAgo(3);
  for (const run of ['1', '2', '3']) {
    await ledger.send(aRun(process, run, `${closed}T0${run}:00:00.000Z`));
    await ledger.tracked();
    await invoke('compact-events');
  }
  const [old, ancient] = [dayAgo(500), dayAgo(1200)];
  await ledger.send([old, ancient].flatMap((day) => aRun(process, day, `${day}T12:00:00.000Z`)));
  await expectToAddUp(ledger);
  expect(await filesOf(closed)).toBeGreaterThan(1);

  const statements = await statementsDuring(async () => {
    expect(await invoke('maintain-tables')).toMatchObject({ maintained: TABLES.map(({ name }) => name) });
  });
  // Before them the number of the last change is noted, by a question.
  const kinds = statements.flatMap(({ text, state }) => {
    const kind = /delete|optimize|vacuum/i.exec(text)?.[0];
    return kind === undefined ? [] : [`${kind} ${state}`];
  });
  expect(kinds).toEqual(TABLES.flatMap(() => ['delete SUCCEEDED', 'optimize SUCCEEDED', 'vacuum SUCCEEDED']));

  expect(await filesOf(closed)).toBe(1);
  expect(await counted(`pipeline_logs where event_date < date '${KEPT_SINCE.logs}'`)).toBe(0);
  for (const table of ['pipeline_run_state', 'pipeline_step_state', 'job_metrics'])
    expect(await counted(`${table} where run_date < date '${KEPT_SINCE.summaries}'`)).toBe(0);
  expect(await counted(`pipeline_run_state where process_name = '${process}'`)).toBe(4);
  await expectToAddUp(ledger);
  await expectToFollowFromEvents(ledger);
});

test('a table that somebody altered by hand is named, not overwritten', async () => {
  const run = (text: string) => ledger.ask(text, {});
  await run('drop view watermarks');
  await run(
    `create table watermarks (mine bigint) location 's3://${ledger.outputs.BucketName}/tables/${anew('by-hand')}/'
    tblproperties ('table_type' = 'ICEBERG')`,
  );
  await expect(invoke('migrate-tables', anUpdate())).rejects.toThrow(
    'watermarks expected a view, got an Iceberg table',
  );
  expect(await counted('watermarks where mine is not null')).toBe(0);
  await run('drop table watermarks');
  await invoke('migrate-tables', anUpdate());
  expect(await counted('watermarks')).toBeGreaterThan(0);
});

/** What CloudFormation tells the custom resource when the stack is updated. */
const anUpdate = () => ({
  RequestType: 'Update',
  RequestId: randomUUID(),
  StackId: inject('outputs').WorkgroupName,
});
