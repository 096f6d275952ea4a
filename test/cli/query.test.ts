import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { aLedger, anAnswer, anIo, runOn } from './fakes.ts';

const answer = anAnswer(['process_name', 'runs'], ['daily_orders', 12_345], ['a,"b"', 7]);

test('prints a table, JSON or CSV', async () => {
  const ledger = aLedger({ query: async () => answer });
  expect((await runOn(ledger, ['query', 'select 1'])).out).toBe(
    'process_name    runs\ndaily_orders  12,345\na,"b"              7\n',
  );
  expect((await runOn(ledger, ['query', '--json', 'select 1'])).out).toBe(
    '[{"process_name":"daily_orders","runs":12345},\n {"process_name":"a,\\"b\\"","runs":7}]\n',
  );
  expect((await runOn(ledger, ['query', '--format', 'csv', 'select 1'])).out).toBe(
    'process_name,runs\r\ndaily_orders,12345\r\n"a,""b""",7\r\n',
  );
  expect(ledger.calls.filter(([name]) => name === 'query')).toEqual(Array(3).fill(['query', 'select 1']));
});

test('no rows are an empty array in JSON, and are said on the side of a table', async () => {
  const ledger = aLedger({ query: async () => anAnswer(['a']) });
  expect((await runOn(ledger, ['query', '--json', 'x'])).out).toBe('[]\n');
  expect(await runOn(ledger, ['query', 'x'])).toMatchObject({ code: 0, out: '', err: '0 rows\n' });
});

test('reads from standard input and from a file', async () => {
  const piped = aLedger();
  await runOn(piped, ['query', '-'], anIo({ stdin: Readable.from([Buffer.from('select '), Buffer.from('2')]) }));
  expect(piped.calls[0]).toEqual(['query', 'select 2']);
  const { code, err } = await runOn(aLedger(), ['query', '--file', 'no-such-file.sql']);
  expect([code, err]).toEqual([1, expect.stringMatching(/^error: cannot read no-such-file.sql: ENOENT/)]);
});

test('a named question is asked with the time of asking', async () => {
  const ledger = aLedger();
  await runOn(ledger, ['query', '--named', 'failures-in-7-days']);
  expect(ledger.calls[0]?.[1]).toContain("start_time >= timestamp '2025-11-03 12:00:00.000' - interval '7' day");
  const { code, err } = await runOn(aLedger(), ['query', '--named', 'failure-in-7-day']);
  expect([code, err]).toEqual([
    2,
    'error: there is no question named failure-in-7-day; did you mean failures-in-7-days? --list shows what can be asked\n',
  ]);
  expect((await runOn(aLedger(), ['query', '--named', 'toString'])).err).toBe(
    'error: there is no question named toString; --list shows what can be asked\n',
  );
});

test('what is given to a named question is read, and refused with what was expected', async () => {
  const given = ['query', '--named', 'running-now', '--param', 'days=7'];
  expect(await runOn(aLedger(), given)).toMatchObject({
    code: 2,
    err: 'error: running-now: expected no parameter, got "days"; --list shows what can be asked\n',
  });
  expect((await runOn(aLedger(), ['query', '--named', 'running-now', '--param', '7'])).err).toContain(
    'expected NAME=VALUE.',
  );
  expect((await runOn(aLedger(), ['query', 'select 1', '--param', 'days=7'])).err).toBe(
    'error: expected --named with --param, got --param alone; a SELECT holds its values itself\n',
  );
});

test('it is one question', async () => {
  expect((await runOn(aLedger(), ['query'])).err).toBe(
    'error: expected one of SQL, --named or --file, but got none; --list shows what can be asked\n',
  );
  expect((await runOn(aLedger(), ['query', 'x', '--named', 'running-now'])).code).toBe(2);
});

test('what the ledger refuses ends with 3', async () => {
  const ledger = aLedger({ query: () => Promise.reject(new QueryRejectedError('there is no column nope')) });
  const { code, err } = await runOn(ledger, ['query', 'select nope']);
  expect([code, err]).toEqual([3, 'error: there is no column nope\n']);
});

test('says when there are more rows', async () => {
  const { err } = await runOn(aLedger({ query: async () => ({ ...answer, truncated: true }) }), ['query', 'x']);
  expect(err).toBe('these are the first 2 rows, there are more; ask for fewer with where or limit\n');
});

test('lists what can be asked, without a ledger', async () => {
  const ledger = aLedger();
  const { out, opened } = await runOn(ledger, ['query', '--list']);
  expect(out).toMatch(/^ {2}failures-in-7-days +Which pipelines failed most in the last seven days, and of what\.$/m);
  expect(out).toMatch(/^ {2}current_runs +Every run with its status as the clock sees it now\.$/m);
  expect(opened).toEqual([]);
  const listed = JSON.parse((await runOn(ledger, ['query', '--list', '--json'])).out);
  expect(listed.named[0]).toEqual({
    name: 'failures-in-7-days',
    summary: 'Which pipelines failed most in the last seven days, and of what.',
    parameters: {},
  });
});

test('on a terminal a row too wide for a table is shown a value a line', async () => {
  const names = Array.from({ length: 30 }, (_, place) => `column_${place}`);
  const ledger = aLedger({
    query: async () =>
      anAnswer(
        names,
        names.map((name) => (name === 'column_7' ? null : `v\u001b[2J${name}`)),
      ),
  });
  const io = anIo({ columns: 80 });
  await runOn(ledger, ['query', 'x'], io);
  expect(io.out()).toContain('column_1 ');
  expect(io.out()).toContain('  vcolumn_1\n');
  expect(io.out()).not.toContain('column_7 ');
});

test('what an answer is without is said on the side, in every format', async () => {
  for (const format of ['table', 'json', 'csv']) {
    const ledger = aLedger({ query: async () => ({ ...anAnswer(['n'], [1]), note: 'two objects wait' }) });
    const { code, err } = await runOn(ledger, ['query', '--format', format, 'select 1']);
    expect([code, err]).toEqual([0, 'two objects wait\n']);
  }
});

test('nothing is no question', async () => {
  const ledger = aLedger();
  for (const args of [
    ['query', ''],
    ['query', ' \n'],
  ]) {
    const { code, err } = await runOn(ledger, args);
    expect([code, err]).toEqual([2, 'error: expected one SELECT, but got nothing; --list shows what can be asked\n']);
  }
  expect(ledger.calls).toEqual([]);
});

test('a question is given the time that was typed', async () => {
  const given: unknown[] = [];
  const ledger = aLedger();
  const asked: typeof ledger = {
    ...ledger,
    query: async (sql, options) => {
      given.push(options);
      return ledger.query(sql);
    },
  };
  await runOn(asked, ['query', '--timeout', '90s', 'select 1']);
  expect(given).toEqual([{ timeoutMs: 90_000 }]);
  expect((await runOn(ledger, ['query', '--timeout', 'long', 'x'])).err).toContain(
    'expected a duration such as 60s or 4m.',
  );
});
