import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Ledger, type LedgerOptions, TransportError } from '../src/index.ts';
import { aFolder } from './a-folder.ts';
import { aLedger, aTransport, inShort } from './a-ledger.ts';
import { aRuntime, settled } from './a-runtime.ts';
import { aServer } from './a-server.ts';

const refused = () => Promise.reject(new TransportError('connection refused', { retryable: true }));

const aNamedTransport = (answer = aTransport().answer) => ({ ...aTransport(answer), name: 'there' });
const spooling = (spool: string, answer = aTransport().answer, options: LedgerOptions = {}) =>
  aLedger({ spool, ...options }, aNamedTransport(answer));

describe('what could not be sent', () => {
  test('is in the spool, and is sent once sending works again', async () => {
    using folder = aFolder();
    const { ledger, transport, runtime } = spooling(folder.path, refused);
    await ledger.run({ process_name: 'a' }, () => undefined);
    expect(ledger.stats()).toMatchObject({ emitted: 2, spooled: 2, sent: 0, pending: 0, dropped: 0 });

    transport.answer = () => undefined;
    runtime.advance(1_000);
    await settled();

    expect(inShort(transport.events)).toEqual(['RUN_START RUNNING', 'RUN_END SUCCESS']);
    expect(ledger.stats()).toMatchObject({ sent: 2 });
    expect(folder.files()).toEqual([]);
  });

  test('is sent by the process that starts next, after its own', async () => {
    using folder = aFolder();
    const before = spooling(folder.path, refused);
    await before.ledger.run({ process_name: 'before' }, () => undefined);
    await before.ledger.close();

    const { ledger, transport } = spooling(folder.path);
    await ledger.run({ process_name: 'after' }, () => undefined);
    await ledger.close();

    expect(transport.events.map((event) => event.process_name)).toEqual(['after', 'after', 'before', 'before']);
    expect(folder.files()).toEqual([]);
  });

  test('grows by what comes while the ledger is away, without asking it for each', async () => {
    using folder = aFolder();
    const { ledger, transport } = spooling(folder.path, refused);

    for (let run = 0; run < 5; run++) await ledger.run({ process_name: 'a' }, () => undefined);

    expect(transport.calls).toHaveLength(1);
    expect(ledger.stats()).toMatchObject({ emitted: 10, spooled: 10, pending: 0 });
  });

  test('stays in its file while sending still fails', async () => {
    using folder = aFolder();
    const { ledger, transport, runtime } = spooling(folder.path, refused);
    await ledger.run({ process_name: 'a' }, () => undefined);

    runtime.advance(1_000);
    await settled();

    expect(transport.calls).toHaveLength(2);
    expect(folder.files()).toEqual([expect.stringMatching(/\d\.ndjson$/)]);
  });

  test('does not wait in memory once that is full', async () => {
    using folder = aFolder();
    const { ledger, sent, runtime, transport } = spooling(folder.path, undefined, { max_buffer_events: 3 });
    const run = ledger.startRun({ process_name: 'a' });
    for (let place = 1; place <= 5; place++) run.checkpoint(String(place));
    expect(ledger.stats()).toMatchObject({ emitted: 6, spooled: 3, pending: 3, dropped: 0 });

    await sent();
    await settled();
    runtime.advance(0);
    await settled();

    expect(transport.events).toHaveLength(6);
  });

  test('is spooled when the ledger is closed while the transport hangs', async () => {
    using folder = aFolder();
    const { ledger, runtime } = spooling(folder.path, () => new Promise(() => undefined));
    ledger.startRun({ process_name: 'a' });
    const closed = ledger.close({ timeout_ms: 700 });
    await settled();
    runtime.advance(700);
    await closed;

    expect(ledger.stats()).toMatchObject({ emitted: 1, spooled: 1, pending: 0, dropped: 0 });
    expect(folder.files()).toHaveLength(1);
  });

  test('waits in memory where the spool cannot be written, and is sent from there', async () => {
    using folder = aFolder();
    const file = join(folder.path, 'no-folder');
    writeFileSync(file, '');
    const { ledger, transport, runtime, errors } = spooling(file, refused);
    await ledger.run({ process_name: 'a' }, () => undefined);
    expect(ledger.stats()).toMatchObject({ spooled: 0, pending: 2, dropped: 0 });
    expect(errors.map((error) => error.message)).toContainEqual(expect.stringContaining('ENOTDIR'));

    transport.answer = () => undefined;
    runtime.advance(1_000);
    await settled();

    expect(ledger.stats()).toMatchObject({ sent: 2, pending: 0 });
  });

  test('is dropped when the ledger refuses it for good, also from the spool', async () => {
    using folder = aFolder();
    const { ledger, transport, runtime } = spooling(folder.path, refused);
    await ledger.run({ process_name: 'a' }, () => undefined);

    transport.answer = () => Promise.reject(new TransportError('got 400', { retryable: false }));
    runtime.advance(1_000);
    await settled();

    expect(ledger.stats()).toMatchObject({ spooled: 2, sent: 0, dropped: 2 });
    expect(folder.files()).toEqual([]);
  });
});

test.each([401, 403])('a ledger that answers %i loses nothing: the token can be put right', async (status) => {
  using folder = aFolder();
  let answer = status;
  await using server = await aServer(() => ({ status: answer }));
  const impatient = () => aRuntime({ firesAtOnce: (delayMs) => delayMs < 1_000 });
  const options: LedgerOptions = { url: server.url, spool: folder.path, onError: () => undefined };
  const first = new Ledger({ ...options, token: 'expired' }, impatient());
  await first.run({ process_name: 'a' }, () => undefined);
  await first.close();
  expect(first.stats()).toMatchObject({ spooled: 2, dropped: 0 });

  answer = 200;
  const second = new Ledger({ ...options, token: 'good' }, impatient());
  await second.run({ process_name: 'b' }, () => undefined);
  await second.close();

  expect(second.stats()).toMatchObject({ sent: 4, dropped: 0 });
});

test('the folder of the spool is that of the environment, or none', async () => {
  using folder = aFolder();
  const runWith = async (env: Record<string, string>) => {
    const ledger = new Ledger(
      { url: 'http://127.0.0.1:1', onError: () => undefined },
      aRuntime({ env, firesAtOnce: (delayMs) => delayMs < 1_000 }),
    );
    await ledger.run({ process_name: 'a' }, () => undefined);
    return ledger.stats();
  };

  expect(await runWith({ RUNLEDGER_SPOOL: folder.path })).toMatchObject({ spooled: 2 });
  expect(await runWith({ XDG_STATE_HOME: folder.path })).toMatchObject({ spooled: 2 });
  expect(await runWith({ RUNLEDGER_SPOOL: 'off', XDG_STATE_HOME: folder.path })).toMatchObject({ spooled: 0 });
  expect(folder.files().map((file) => file.slice(folder.path.length + 1))).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^http-127-0-0-1-1-events-[0-9a-f]{12}\//),
      expect.stringMatching(/^runledger\/spool\/http-/),
    ]),
  );
});
