import { afterEach, describe, expect, test } from 'vitest';
import { EngineUnavailableError, OutOfTimeError, StatementAtLargeError } from '../../../core/ports/query-engine.ts';
import type { Columns } from '../../../core/schema/column-type.ts';
import { defineQuery } from '../../../sql/define-query.ts';
import { anAthena, type FakeAthena, type Plot } from './an-athena.ts';

let athena: FakeAthena;
const play = async (...plots: readonly Plot[]): Promise<FakeAthena> => {
  athena = await anAthena(...plots);
  return athena;
};
afterEach(() => athena?.close());

const merge = defineQuery({ name: 'merge', text: 'merge into t', parameters: {}, columns: {} });
const select = <C extends Columns>(columns: C) => defineQuery({ name: 'ask', text: 'select', parameters: {}, columns });
const number = { n: { type: 'bigint', comment: 'a number' } } as const;
const tokens = (): unknown[] =>
  athena.bodiesOf('StartQueryExecution').map(({ ClientRequestToken }) => ClientRequestToken);

describe('what is asked', () => {
  test('the text goes to the workgroup and database, with a token Athena takes', async () => {
    await play();
    await athena.engine({ outputLocation: 's3://results/' }).query(merge, {});
    expect(athena.bodiesOf('StartQueryExecution')).toEqual([
      {
        QueryString: 'merge into t',
        ClientRequestToken: expect.stringMatching(/^[0-9a-f]{64}$/),
        WorkGroup: 'ledger',
        QueryExecutionContext: { Catalog: 'AwsDataCatalog', Database: 'ledger_db' },
        ResultConfiguration: { OutputLocation: 's3://results/' },
      },
    ]);
  });

  test('objects are named by where they lie; other text stays', async () => {
    await play();
    const query = defineQuery({
      name: 'q',
      text: 'select 1 where "$path" in (:objects) and object in (:keys)',
      parameters: { objects: 'objects', keys: 'texts' },
      columns: {},
    });
    await athena.engine().query(query, { objects: ['raw/a', "raw/it's"], keys: ['raw/a'] });
    expect(athena.bodiesOf('StartQueryExecution')[0]?.QueryString).toBe(
      `select 1 where "$path" in ('s3://ledger-bucket/raw/a', 's3://ledger-bucket/raw/it''s') and object in ('raw/a')`,
    );
  });

  test('a bucket that is none is refused', async () => {
    await play();
    expect(() => athena.engine({ bucket: 's3://ledger/' })).toThrow("expected the name of the lake's bucket");
  });
});

describe('tokens', () => {
  test('the same try asks with the same token, another try with another', async () => {
    await play();
    await athena.engine().query(merge, {});
    await athena.engine().query(merge, {});
    await athena.engine({ tryName: 'request-2' }).query(merge, {});
    const [first, again, other] = tokens();
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('one engine that is asked twice runs twice', async () => {
    await play();
    const engine = athena.engine();
    await engine.query(merge, {});
    await engine.query(merge, {});
    expect(new Set(tokens()).size).toBe(2);
  });

  test('each repetition of a run that failed has a token of its own', async () => {
    const lost = { states: ['FAILED'], reason: 'ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update' };
    await play(lost, lost, {});
    await athena.engine().query(merge, {});
    expect(new Set(tokens()).size).toBe(3);
  });
});

describe('a run that fails', () => {
  test('is run again when it lost a commit race, after pauses that grow', async () => {
    const lost = {
      states: ['FAILED'],
      reason: 'ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update',
      scannedBytes: 5,
    };
    await play(lost, lost, { states: ['SUCCEEDED'], scannedBytes: 7 });
    await athena.engine().query(merge, {});
    expect(athena.pausesMs).toEqual([1000, 2000]);
    expect(athena.scans).toEqual([
      ['merge', 5],
      ['merge', 5],
      ['merge', 7],
    ]);
  });

  test('is run again when Athena says that it may help', async () => {
    await play({ states: ['FAILED'], reason: 'internal error', retryable: true }, {});
    await athena.engine().query(merge, {});
    expect(tokens()).toHaveLength(2);
  });

  test('is given up after five', async () => {
    const failed = { states: ['FAILED'], reason: 'internal error', retryable: true };
    await play(failed, failed, failed, failed, failed, {});
    await expect(athena.engine().query(merge, {})).rejects.toThrow('query merge failed: internal error (execution 4)');
  });

  test('is not run again when the query is at fault', async () => {
    await play({ states: ['FAILED'], reason: 'COLUMN_NOT_FOUND: line 1:8: Column x' }, {});
    await expect(athena.engine().query(merge, {})).rejects.toThrow(
      'query merge failed: COLUMN_NOT_FOUND: line 1:8: Column x (execution 0)',
    );
    expect(tokens()).toHaveLength(1);
  });

  test('is not run again when the workgroup stopped it', async () => {
    await play({ states: ['CANCELLED'], reason: 'Bytes scanned limit was exceeded', retryable: true }, {});
    await expect(athena.engine().query(merge, {})).rejects.toThrow(
      'query merge was cancelled: Bytes scanned limit was exceeded (execution 0); ask for less, or deploy with a larger scanLimitGb',
    );
    expect(tokens()).toHaveLength(1);
  });
});

describe('a run that takes too long', () => {
  test('is cancelled', async () => {
    await play({ states: ['RUNNING'], stoppedState: 'CANCELLED' });
    await expect(athena.engine({ timeoutMs: 5000 }).query(merge, {})).rejects.toThrow(
      'query merge was cancelled: it took too long (execution 0)',
    );
    expect(athena.bodiesOf('StopQueryExecution')).toEqual([{ QueryExecutionId: '0' }]);
    expect(athena.pausesMs.slice(0, 4)).toEqual([100, 150, 225, 337.5]);
  });

  test('counts when it was done before the cancelling reached it', async () => {
    await play({ states: ['RUNNING'], stoppedState: 'SUCCEEDED', columns: ['n'], rows: [['1']] });
    expect(await athena.engine({ timeoutMs: 5000 }).query(select(number), {})).toEqual([{ n: 1 }]);
  });

  test('is named when it cannot be cancelled', async () => {
    await play({ states: ['RUNNING'] });
    await expect(athena.engine({ timeoutMs: 5000 }).query(merge, {})).rejects.toThrow(
      new StatementAtLargeError('query merge could not be cancelled: execution 0 goes on'),
    );
  });

  test('is named when Athena cannot be asked to cancel it', async () => {
    await play({ states: ['RUNNING'] });
    athena.failNext('StopQueryExecution', 'AccessDeniedException');
    await expect(athena.engine({ timeoutMs: 5000 }).query(merge, {})).rejects.toThrow(StatementAtLargeError);
  });

  test('is cancelled once its caller has no time left, and no other is started', async () => {
    await play({ states: ['RUNNING'], stoppedState: 'CANCELLED' });
    const engine = athena.engine({ leftMs: () => 5000 - athena.pausesMs.reduce((all, each) => all + each, 0) });
    await expect(engine.query(merge, {})).rejects.toThrow(
      new OutOfTimeError('query merge was cancelled: it took too long (execution 0)'),
    );
    expect(athena.bodiesOf('StopQueryExecution')).toEqual([{ QueryExecutionId: '0' }]);
    await expect(engine.query(merge, {})).rejects.toThrow(
      new OutOfTimeError('query merge did not start: its caller has no time left'),
    );
    expect(athena.bodiesOf('StartQueryExecution')).toHaveLength(1);
  });

  test('is told how far it is', async () => {
    await play({ states: ['QUEUED', 'RUNNING', 'SUCCEEDED'], scannedBytes: 9 });
    const told: unknown[] = [];
    await athena.engine({ onProgress: (progress) => told.push(progress) }).query(merge, {});
    expect(told).toEqual([
      { query: 'merge', state: 'QUEUED', scanned_bytes: 9, elapsed_ms: 0 },
      { query: 'merge', state: 'RUNNING', scanned_bytes: 9, elapsed_ms: 100 },
      { query: 'merge', state: 'SUCCEEDED', scanned_bytes: 9, elapsed_ms: 250 },
    ]);
  });

  test('is cancelled when the caller has had enough, and no other is started', async () => {
    await play({ states: ['RUNNING'], stoppedState: 'CANCELLED' });
    const stop = new AbortController();
    const engine = athena.engine({ signal: stop.signal, onProgress: () => stop.abort() });
    const cancelled = await engine.query(merge, {}).catch((error: unknown) => error);
    expect(cancelled, 'which is no failure of what it was to take in').toBeInstanceOf(EngineUnavailableError);
    expect(cancelled).toMatchObject({ message: expect.stringContaining('query merge was cancelled') });
    expect(athena.bodiesOf('StopQueryExecution')).toEqual([{ QueryExecutionId: '0' }]);
    await expect(engine.query(merge, {})).rejects.toThrow('query merge did not start: its caller cancelled it');
    expect(athena.bodiesOf('StartQueryExecution')).toHaveLength(1);
  });
});

describe('an Athena that is busy, failing or out of reach', () => {
  test.each(['TooManyRequestsException', 'ThrottlingException', 'InternalServerException', 'reset'])(
    'is asked again after %s, and nothing runs twice',
    async (failure) => {
      await play({ columns: ['n'], rows: [['1']] });
      for (const action of ['StartQueryExecution', 'GetQueryExecution', 'GetQueryResults']) {
        athena.failNext(action, failure, 2);
      }
      expect(await athena.engine().query(select(number), {})).toEqual([{ n: 1 }]);
      expect(new Set(tokens()).size).toBe(1);
    },
  );

  test('is given up at the deadline', async () => {
    await play();
    athena.failNext('StartQueryExecution', 'TooManyRequestsException', 1000);
    await expect(athena.engine({ timeoutMs: 60_000 }).query(merge, {})).rejects.toThrow(
      'query merge did not start: as TooManyRequestsException says',
    );
  });

  test('is not asked again about a request it cannot take', async () => {
    await play();
    athena.failNext('StartQueryExecution', 'InvalidRequestException');
    const refused = await athena
      .engine()
      .query(merge, {})
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ message: 'query merge did not start: as InvalidRequestException says' });
    expect(refused, 'which is a fault of the request, not of the engine').not.toBeInstanceOf(EngineUnavailableError);
    expect(tokens()).toHaveLength(1);
  });

  test('is told from one that lost sight of a statement, which may go on', async () => {
    await play();
    athena.failNext('GetQueryExecution', 'AccessDeniedException');
    await expect(athena.engine().query(merge, {})).rejects.toThrow(StatementAtLargeError);
  });
});

describe('rows', () => {
  test('come page by page, without the row that names the columns', async () => {
    const rows = Array.from({ length: 2500 }, (_, n) => [String(n)]);
    await play({ columns: ['n'], rows });
    const found = await athena.engine().query(select(number), {});
    expect(found).toEqual(rows.map(([n]) => ({ n: Number(n) })));
    expect(athena.bodiesOf('GetQueryResults')).toHaveLength(3);
  });

  test('are typed by the columns of the query, whatever their order', async () => {
    await play({
      columns: ['t', 'b', 'd', 'i', 'n', 'day', 's', 'extra'],
      rows: [
        ['2025-11-03 12:01:02.123456', 'true', '1.5E-7', '7', '9007199254740991', '2025-11-03', '', 'x'],
        ['2025-11-03 12:01:02', 'false', 'NaN', '-1', null, null, null, null],
      ],
    });
    const comment = '';
    const columns = {
      s: { type: 'varchar', comment },
      n: { type: 'bigint', comment },
      i: { type: 'integer', comment },
      d: { type: 'double', comment },
      b: { type: 'boolean', comment },
      t: { type: 'timestamp', comment },
      day: { type: 'date', comment },
    } as const;
    expect(await athena.engine().query(select(columns), {})).toEqual([
      { s: '', n: 9007199254740991, i: 7, d: 1.5e-7, b: true, t: '2025-11-03T12:01:02.123Z', day: '2025-11-03' },
      { s: null, n: null, i: -1, d: Number.NaN, b: false, t: '2025-11-03T12:01:02.000Z', day: null },
    ]);
  });

  test('of a statement that answers none are not fetched', async () => {
    await play({ columns: ['rows'], rows: [['3']] });
    expect(await athena.engine().query(merge, {})).toEqual([]);
    expect(athena.bodiesOf('GetQueryResults')).toEqual([]);
  });

  test.each([
    ['bigint', '9007199254740993', 'column n expected an integer within 2^53, got 9007199254740993'],
    ['timestamp', '3 November', 'column n expected a timestamp, got 3 November'],
    [{ array: 'varchar' }, '[a, b]', 'column n is nested; a query on Athena answers scalars only'],
  ] as const)('that would lose something are an error: %j', async (type, text, message) => {
    await play({ columns: ['n'], rows: [[text]] });
    await expect(athena.engine().query(select({ n: { type, comment: '' } }), {})).rejects.toThrow(message);
  });

  test('without a column that was promised are an error', async () => {
    await play({ columns: ['m'], rows: [['1']] });
    await expect(athena.engine().query(select(number), {})).rejects.toThrow('expected the columns n, got none named n');
  });
});
