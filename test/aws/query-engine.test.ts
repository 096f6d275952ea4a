import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { defineQuery } from '../../sql/define-query.ts';
import { statementsFor } from '../../sql/statements.ts';
import { type AwsLake, openAwsLake } from './lake.ts';
import { accepted, sentFirst } from './sent-lines.ts';

let lake: AwsLake;
beforeAll(async () => {
  lake = await openAwsLake();
});

const statements = statementsFor('trino');
const { lines, events } = accepted(sentFirst);
const event_dates = [...new Set(events.map(({ event_date }) => event_date))];
const arrival_dates = ['2025-11-05'];

test('any well-formed text comes back as it went in', async () => {
  const echo = defineQuery({
    name: 'echo',
    text: 'select given from unnest(array[:given]) as u (given)',
    parameters: { given: 'texts' },
    columns: { given: { type: 'varchar', comment: 'what was given' } },
  });
  const odd = [
    '',
    "'",
    "''",
    '\\',
    '\\N',
    ':given',
    '--',
    '/*',
    '"',
    '`',
    '{{now}}',
    '%',
    '\n',
    '\r',
    '\u001b',
    '\u0001',
  ];
  const given = [
    ...odd,
    ...fc.sample(fc.string({ unit: 'binary' }), 1500).map((text) => text.toWellFormed().replaceAll('\0', '')),
  ];
  const rows = await lake.engine.query(echo, { given });
  expect(new Set(rows.map((row) => row.given))).toEqual(new Set(given));
});

test.each([
  ['of a plain name', 'landed.ndjson', (text: string) => text],
  ['of an odd name', "it's +b%20=ü.ndjson", (text: string) => text],
  ['that is compressed', 'landed.gz', (text: string) => gzipSync(text)],
])('an object %s is found by its key', async (_, name, pack) => {
  const object = `raw/dt=2025-11-05/hh=03/${name}`;
  await lake.put(object, pack(lines.map((line) => `${line}\n`).join('')));
  await lake.engine.query(statements.compactEvents, {
    objects: [object],
    arrival_dates,
    event_dates,
    event_days: event_dates,
  });
  expect(
    await lake.engine.query(statements.countLines, { objects: [object], arrival_dates, event_dates }),
  ).toMatchObject([{ object, lines: lines.length, unaccepted: 0, unreadable: 0 }]);
});

test('of writers at once, those that lose the race run again: nothing is lost', async () => {
  const insert = (n: number) =>
    defineQuery({
      name: 'race',
      text: `merge into job_metrics as t using (select 'p${n}' as process_name) as s on t.process_name = s.process_name
        when not matched then insert (process_name, run_date) values (s.process_name, date '2025-11-03')`,
      parameters: {},
      columns: {},
    });
  await Promise.all([1, 2, 3].map((n) => lake.open().query(insert(n), {})));
  const count = defineQuery({
    name: 'count',
    text: 'select count(*) as n from job_metrics',
    parameters: {},
    columns: { n: { type: 'bigint', comment: 'rows' } },
  });
  expect(await lake.engine.query(count, {})).toEqual([{ n: 3 }]);
});

test('the same try asked again runs nothing twice; what it read is told', async () => {
  const insert = defineQuery({
    name: 'once',
    text: "insert into job_metrics (process_name, run_date) values ('once', date '2025-11-04')",
    parameters: {},
    columns: {},
  });
  await lake.open({ tryName: 'a try' }).query(insert, {});
  await lake.open({ tryName: 'a try' }).query(insert, {});
  const count = defineQuery({
    name: 'count_once',
    text: "select count(*) as n from job_metrics where process_name = 'once'",
    parameters: {},
    columns: { n: { type: 'bigint', comment: 'rows' } },
  });
  const scans: [string, number][] = [];
  const engine = lake.open({ onScanned: (...scan) => scans.push(scan) });
  expect(await engine.query(count, {})).toEqual([{ n: 1 }]);
  expect(scans).toEqual([['count_once', expect.any(Number)]]);
  expect(scans[0]?.[1]).toBeGreaterThan(0);
});

test('a statement that takes too long is cancelled', async () => {
  const endless = defineQuery({
    name: 'endless',
    text: `select count(*) as n from unnest(sequence(1, 10000)) as a (x) cross join unnest(sequence(1, 10000)) as b (y)
      cross join unnest(sequence(1, 10000)) as c (z) where x * y + z = -1`,
    parameters: {},
    columns: { n: { type: 'bigint', comment: 'none' } },
  });
  await expect(lake.open({ timeoutMs: 1500 }).query(endless, {})).rejects.toThrow(/query endless was cancelled/);
});
