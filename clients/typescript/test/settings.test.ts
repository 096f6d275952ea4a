import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fileTransport, Ledger, type LedgerOptions, s3Transport } from '../src/index.ts';
import { aTransport, inShort, type SentEvent } from './a-ledger.ts';
import { aRuntime } from './a-runtime.ts';
import { aServer } from './a-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'runledger-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const never = new AbortController().signal;

const eventsOf = (file: string): SentEvent[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SentEvent);

async function aRunWith(env: Record<string, string>, options: LedgerOptions = {}) {
  const runtime = aRuntime({ env: { RUNLEDGER_SPOOL: 'off', ...env } });
  await using ledger = new Ledger(options, runtime);
  await ledger.run({ process_name: 'orders' }, () => undefined);
  return { stats: ledger.stats(), runtime };
}

describe('the environment says', () => {
  test('where events go: everywhere it names', async () => {
    await using server = await aServer(() => ({ status: 200 }));
    const file = join(folder, 'several', 'events.ndjson');

    const { stats } = await aRunWith({ RUNLEDGER_URL: server.url, RUNLEDGER_FILE: file });

    expect(inShort(eventsOf(file))).toEqual(['RUN_START RUNNING', 'RUN_END SUCCESS']);
    expect(server.received).toHaveLength(1);
    expect(stats).toMatchObject({ emitted: 2, sent: 4, pending: 0 });
  });

  test('that they go nowhere', async () => {
    const { stats } = await aRunWith({ RUNLEDGER_DISABLED: '1', RUNLEDGER_URL: 'http://127.0.0.1:1' });

    expect(stats).toMatchObject({ emitted: 2, sent: 0, failures: 0 });
  });

  test('nothing that an option says otherwise', async () => {
    const file = join(folder, 'option.ndjson');

    await aRunWith({ RUNLEDGER_DISABLED: '1', RUNLEDGER_ENVIRONMENT: 'dev' }, { file, environment: 'prod' });

    expect(eventsOf(file)[0]).toMatchObject({ environment: 'prod' });
  });

  test('environment and owner of runs that name none', async () => {
    const file = join(folder, 'names.ndjson');

    await aRunWith({ RUNLEDGER_FILE: file, RUNLEDGER_ENVIRONMENT: 'dev', RUNLEDGER_OWNER: 'team-crm' });

    expect(eventsOf(file)[0]).toMatchObject({ environment: 'dev', owner: 'team-crm' });
  });

  test.each([
    ['RUNLEDGER_URL', 'localhost', '`RUNLEDGER_URL`: expected an http or https address'],
    ['RUNLEDGER_S3', 'bucket', '`RUNLEDGER_S3`: expected a place in S3'],
    ['RUNLEDGER_TOKEN', 'a b', '`RUNLEDGER_TOKEN`: expected printable ASCII'],
  ])('something wrong in %s, and the job runs all the same', async (name, value, message) => {
    const { stats, runtime } = await aRunWith({ [name]: value });

    expect(stats).toMatchObject({ emitted: 2, dropped: 2 });
    expect(runtime.warnings).toEqual([expect.stringContaining(message)]);
  });

  test('that every problem is told, also to who listens himself', async () => {
    const transport = aTransport(() => Promise.reject(new Error('connection refused')));
    const runtime = aRuntime({ env: { RUNLEDGER_DEBUG: '1' } });
    const ledger = new Ledger({ transport, onError: () => undefined }, runtime);

    await ledger.run({ process_name: 'a' }, () => undefined);
    await ledger.flush();

    expect(runtime.warnings).toEqual(['connection refused', 'connection refused']);
  });

  test('how much waits in memory', () => {
    const runtime = aRuntime({ env: { RUNLEDGER_BUFFER_BYTES: '1000' } });
    const ledger = new Ledger({ transport: aTransport(), onError: () => undefined }, runtime);
    const run = ledger.startRun({ process_name: 'a' });
    run.checkpoint('x'.repeat(500));
    run.checkpoint('x'.repeat(500));

    expect(ledger.stats()).toMatchObject({ emitted: 3, dropped: 2, pending: 1 });
  });
});

describe('several transports', () => {
  test('carry each event once, and one that fails holds up no other', async () => {
    const [good, bad] = [aTransport(), aTransport(() => Promise.reject(new Error('refused')))];
    const ledger = new Ledger({ transport: [bad, good], onError: () => undefined }, aRuntime());

    await ledger.run({ process_name: 'a' }, () => undefined);

    expect(inShort(good.events)).toEqual(['RUN_START RUNNING', 'RUN_END SUCCESS']);
    expect(ledger.stats()).toMatchObject({ emitted: 2, sent: 2, pending: 2 });
  });
});

describe('a transport', () => {
  test('to a file appends, and makes its folder', async () => {
    const path = join(folder, 'deep', 'er', 'file.ndjson');
    const transport = fileTransport({ path });

    await transport.send([Buffer.from('{"a":1}\n')], never);
    transport.sendSync?.([Buffer.from('{"a":2}\n')], 1);

    expect(readFileSync(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n');
  });

  test('to S3 writes an object for each call, by day and hour', async () => {
    const puts: { Bucket: string; Key: string; Body: Buffer }[] = [];
    const client = {
      send: async (command: unknown) => void puts.push((command as { input: (typeof puts)[0] }).input),
    };
    const transport = s3Transport({ url: 's3://lake/raw/', client }, aRuntime());

    await transport.send([Buffer.from('{"a":1}\n'), Buffer.from('{"a":2}\n')], never);

    expect(puts).toMatchObject([
      { Bucket: 'lake', Key: expect.stringMatching(/^raw\/dt=2026-11-03\/hh=12\/[\da-f-]{36}\.ndjson$/) },
    ]);
    expect(String(puts[0]?.Body)).toBe('{"a":1}\n{"a":2}\n');
  });
});
