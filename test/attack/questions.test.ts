import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Served, serveLedger } from './served.ts';

let served: Served;
beforeEach(async () => {
  served = await serveLedger();
});
afterEach(() => served.close());

/** What is left of a ledger: its tables alone, whatever name stands elsewhere. */
const ESCAPES: readonly string[] = [
  'select * from "FOLDER/raw/*/*/*.ndjson" where 1 in (with "FOLDER/raw/*/*/*.ndjson" as (select 1) select 1)',
  'select * from duckdb_databases where 1 in (with duckdb_databases as (select 1) select 1)',
  'with sqlite_master as (select * from sqlite_master) select * from sqlite_master',
  'with recursive sqlite_master as (select sql from sqlite_master union all select null where false) select 1',
  'with sqlite_master as (select 1) select * from main.sqlite_master',
  'with duc\u212adb_tables as (select 1) select * from duckdb_tables',
  "select * from read_text('FOLDER/serving.json')",
  "select getenv('PATH')",
  "select json_serialize_plan('select * from duckdb_settings()')",
];

/** Memory that DuckDB's own limit does not bind, and time that its interrupt does not end. */
const BOMBS: readonly string[] = [
  'select len(range(0, 1000000000))',
  'select generate_series(0, 1000000000)',
  "select repeat('x', 2000000000)",
  "select lpad('x', 500000000, 'y')",
  "select format('{:1000000000}', 1)",
  "with t as (select string_agg(repeat('x', 9999), '') as s from range(100)) select max(length(replace(s, 'x', s))) from t",
  "with recursive t (s, n) as (select 'x', 0 union all select s || s, n + 1 from t where n < 31) select max(length(s)) from t",
  "select array_to_string(list_transform(list(range), x -> repeat('x', 9999)), '') from range(1000000)",
  "with t as (select string_agg(repeat('z', 9999), '') as s from range(11)) select levenshtein(s || 'a', 'b' || s) from t",
  'select count(*) from range(10000000) as a cross join range(10000000) as b',
];

/** Too much to answer: cut, and said. */
const LONG: readonly (readonly [string, string])[] = [
  ['60,000 rows of 20 KB', "select repeat('x', 9999) || repeat('x', 9999) from range(60000)"],
  [
    '200 columns',
    `select ${Array.from({ length: 200 }, (_, at) => `range + 1000000000000000000 + ${at}`).join(', ')} from range(100000)`,
  ],
];

describe('a question', () => {
  test('reads nothing but the tables', async () => {
    for (const sql of ESCAPES) {
      const { status, answer } = await served.ask(sql.replaceAll('FOLDER', served.folder));
      expect([status, answer.error?.code], sql).toEqual([400, 'refused']);
    }
  });

  test('that takes all memory or time is refused, one after the other, while every event is taken and none is lost', async () => {
    const sender = startSending(served);
    for (const sql of BOMBS) {
      const { status, answer } = await served.ask(sql);
      expect([status, answer.error?.code], sql).toEqual([400, 'refused']);
    }
    const sent = await sender.stop();
    expect(sent.refused).toEqual([]);
    expect(await runsOf(served)).toEqual(sent.runs);
    expect(served.process.exitCode).toBeNull();
    expect(peakMb(served.process.pid)).toBeLessThan(1_500);
  });

  test('of many at one time that take all memory is refused, and the next one is answered', async () => {
    await served.send(lineOf('run-0'));
    const answers = await Promise.all([...BOMBS, ...BOMBS].map((sql) => served.ask(sql)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
    expect(await runsOf(served)).toEqual(['run-0']);
  });

  test.each(LONG)('whose answer is too long is cut, and it is said: %s', async (_, sql) => {
    const sender = startSending(served);
    const { status, answer } = await served.ask(sql);
    const sent = await sender.stop();
    expect(status).toBe(200);
    expect(answer.truncated).toBe(true);
    expect(answer.rows?.length).toBeGreaterThan(1_000);
    expect(sent.refused).toEqual([]);
    expect(await runsOf(served)).toEqual(sent.runs);
  });
});

describe.runIf(existsSync('/proc/self/stat'))('the query engine', () => {
  test('ends when its ledger is killed, and the next ledger has the folder at once', async () => {
    await served.send(lineOf('run-1'));
    expect(await runsOf(served)).toEqual(['run-1']);
    const [engine] = childrenOf(served.process.pid);
    const asked = served.ask(BOMBS.at(-1) as string).catch(() => undefined);
    const ended = once(served.process, 'exit');
    served.process.kill('SIGKILL');
    await Promise.all([ended, asked]);

    const next = await serveLedger(served.folder);
    expect(await runsOf(next)).toEqual(['run-1']);
    while (isAlive(engine)) await pause(20);
    await next.close();
  });

  test('that is killed again and again is started again, and nothing is lost', async () => {
    const sender = startSending(served);
    for (let kills = 0; kills < 10; kills++) {
      for (const engine of childrenOf(served.process.pid)) process.kill(engine, 'SIGKILL');
      await served.ask('select count(*) from current_runs');
    }
    const sent = await sender.stop();
    expect(sent.refused).toEqual([]);
    expect(await runsOf(served)).toEqual(sent.runs);
  });
});

const lineOf = (run_id: string): string =>
  JSON.stringify({ process_name: 'attacked', run_id, event_type: 'RUN_END', status: 'SUCCESS' });

/** Sends an event after the other until it is stopped; says which were taken, and what the others were answered. */
function startSending({ send }: Served) {
  const runs: string[] = [];
  const refused: number[] = [];
  let isStopped = false;
  const sending = (async () => {
    for (let at = 0; !isStopped; at++) {
      const run_id = `run-${String(at).padStart(6, '0')}`;
      const status = await send(lineOf(run_id));
      if (status === 200) runs.push(run_id);
      else refused.push(status);
    }
  })();
  return {
    stop: async () => {
      isStopped = true;
      await sending;
      return { runs, refused };
    },
  };
}

async function runsOf({ ask }: Served): Promise<unknown> {
  const { answer } = await ask('select run_id from current_runs order by run_id');
  return answer.rows?.map(([run_id]) => run_id) ?? answer.error;
}

/** Linux only. */
const childrenOf = (pid: number | undefined): readonly number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );

const isAlive = (pid: number | undefined): boolean => pid !== undefined && existsSync(`/proc/${pid}/stat`);

function peakMb(pid: number | undefined): number {
  if (!existsSync(`/proc/${pid}/status`)) return 0;
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}
