import { describe, expect, test } from 'vitest';
import { LedgerUnavailable, watermark } from '../src/index.ts';
import { aRuntime } from './a-runtime.ts';
import { type Answer, aServer } from './a-server.ts';

const columns = ['data_until', 'last_success_at', 'last_success_run_id'].map((name) => ({ name, type: 'varchar' }));
const rows = (...found: readonly unknown[][]): Answer => ({
  status: 200,
  body: JSON.stringify({ columns, rows: found }),
});

describe('a watermark', () => {
  test('is what the last good run covered, asked of the ledger with the token', async () => {
    await using server = await aServer(() => rows(['2026-11-03T00:00:00.000Z', '2026-11-03 02:10:00.5', 'r1']));
    const env = { RUNLEDGER_URL: `${server.url}/`, RUNLEDGER_TOKEN: 't0k3n' };

    expect(await watermark("o'clock", { environment: 'prod' }, aRuntime({ env }))).toEqual({
      data_until: new Date('2026-11-03T00:00:00Z'),
      last_success_at: new Date('2026-11-03T02:10:00.500Z'),
      last_success_run_id: 'r1',
    });
    const [asked] = server.received;
    expect(asked).toMatchObject({ method: 'POST', path: '/query', headers: { authorization: 'Bearer t0k3n' } });
    expect(JSON.parse(asked?.body ?? '').sql).toContain("process_name = 'o''clock' and environment = 'prod'");
  });

  test('of the environment of the process, where none is given', async () => {
    await using server = await aServer(() => rows());
    await watermark('a', {}, aRuntime({ env: { RUNLEDGER_URL: server.url, RUNLEDGER_ENVIRONMENT: 'dev' } }));

    expect(server.received[0]?.body).toContain("environment = 'dev'");
  });

  test('has nothing when no run succeeded so far', async () => {
    await using server = await aServer(() => rows());

    expect(await watermark('a', {}, aRuntime({ env: { RUNLEDGER_URL: server.url } }))).toEqual({
      data_until: undefined,
      last_success_at: undefined,
      last_success_run_id: undefined,
    });
  });

  test.each<[string, Answer, RegExp]>([
    ['refuses', { status: 401, body: 'who are you, bob@example.com?' }, /got 401: who are you, \[email\]\?$/],
    ['is a page', { status: 200, body: '<html>' }, /got something else$/],
    ['is null', { status: 200, body: 'null' }, /got something else$/],
    ['closes the connection', 'close', /got /],
  ])('is an error when the ledger %s: that is not "never ran"', async (_, answer, message) => {
    await using server = await aServer(() => answer);
    const asked = watermark('a', {}, aRuntime({ env: { RUNLEDGER_URL: server.url } }));

    await expect(asked).rejects.toThrow(LedgerUnavailable);
    await expect(asked).rejects.toThrow(message);
  });

  test('is an error when there is no ledger', async () => {
    const asked = watermark('a', {}, aRuntime({ env: { RUNLEDGER_URL: 'http://127.0.0.1:1' } }));

    await expect(asked).rejects.toThrow(/^Expected POST http:\/\/127\.0\.0\.1:1\/query to answer 200 with rows, got /);
  });
});
