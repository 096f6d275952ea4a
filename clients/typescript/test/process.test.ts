import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { aServer } from './a-server.ts';

const CLIENT = new URL('../src/index.ts', import.meta.url).href;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a script that uses the client in a process of its own, until the process ends by itself. */
const runScript = (url: string, script: string): Promise<Ended> => startScript(url, script).ended;

function startScript(url: string, script: string) {
  const source = `import { Ledger } from ${JSON.stringify(CLIENT)};\n${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    env: { ...process.env, RUNLEDGER_URL: url, RUNLEDGER_SPOOL: 'off', NODE_OPTIONS: '' },
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, output, errors })));
  return { stdin: child.stdin, ended };
}

describe('a process', () => {
  test('ends by itself after its run, with all events sent', async () => {
    await using server = await aServer(() => ({ status: 200, body: '{}' }));

    const { code, output } = await runScript(
      server.url,
      `const value = await new Ledger().run({ process_name: 'a' }, (run) => run.step('b', () => 42));
       console.log(value);`,
    );

    expect([code, output]).toEqual([0, '42\n']);
    expect(server.received.flatMap(({ body }) => body.trim().split('\n'))).toHaveLength(4);
  });

  test('ends as it would have without a ledger when that cannot be reached, and says so once', async () => {
    const server = await aServer(() => 'close');
    await server[Symbol.asyncDispose]();

    const { code, output, errors } = await runScript(
      server.url,
      `const ledger = new Ledger();
       for (const n of [1, 2, 3]) console.log(await ledger.run({ process_name: 'a' }, () => n));
       await ledger.close();`,
    );

    expect([code, output]).toEqual([0, '1\n2\n3\n']);
    expect(errors.match(/RunledgerWarning/g)).toHaveLength(1);
  });

  test('waits for a ledger that hangs no longer than it was told to', async () => {
    await using server = await aServer(() => 'hang');

    const { code, output } = await runScript(
      server.url,
      `const ledger = new Ledger({ onError: () => {} });
       ledger.startRun({ process_name: 'a' });
       await ledger.close({ timeout_ms: 50 });
       console.log(JSON.stringify(ledger.stats()));`,
    );

    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ emitted: 1, dropped: 1, pending: 0 });
  });

  test('that is busy with a long step beats meanwhile, and is not kept alive by that', async () => {
    let heard: () => void = () => undefined;
    const beat = new Promise<void>((resolve) => {
      heard = resolve;
    });
    await using server = await aServer(({ body }) => {
      if (body.includes('"HEARTBEAT"')) heard();
      return { status: 200, body: '{}' };
    });
    const { stdin, ended } = startScript(
      server.url,
      `new Ledger({ flush_interval_ms: 1 }).run({ process_name: 'a', heartbeat_interval_ms: 20 }, (run) =>
         run.step('query', () => new Promise((done) => process.stdin.once('data', done))));`,
    );
    await beat;
    stdin.end('go on');
    expect((await ended).code).toBe(0);
    const events = server.received.flatMap(({ body }) => body.trim().split('\n'));
    expect(events.at(-1)).toContain('"RUN_END"');
  });

  test('whose run waits for nothing more ends, though the run would beat', async () => {
    await using server = await aServer(() => ({ status: 200, body: '{}' }));
    const { code } = await runScript(
      server.url,
      `new Ledger().startRun({ process_name: 'a', heartbeat_interval_ms: 20 });`,
    );
    expect(code).toBe(0);
  });

  test('is not kept alive by events that nobody waits for, when its runs do not end with it', async () => {
    await using server = await aServer(() => 'hang');

    const { code } = await runScript(
      server.url,
      `new Ledger({ flush_interval_ms: 60_000, end_with_process: false }).startRun({ process_name: 'a' });`,
    );

    expect(code).toBe(0);
    expect(server.received).toHaveLength(0);
  });
});
