import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { aServer } from './a-server.ts';

const CLIENT = new URL('../src/index.ts', import.meta.url).href;

/** Runs a script that uses the client in a process of its own, until the process ends by itself. */
async function runScript(
  url: string,
  script: string,
): Promise<{ code: number | null; output: string; errors: string }> {
  const source = `import { Ledger } from ${JSON.stringify(CLIENT)};\n${script}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', source], {
    env: { ...process.env, RUNLEDGER_URL: url, NODE_OPTIONS: '' },
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk));
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, output, errors };
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

  test('is not kept alive by events that nobody waits for', async () => {
    await using server = await aServer(() => 'hang');

    const { code } = await runScript(
      server.url,
      `new Ledger({ flush_interval_ms: 60_000 }).startRun({ process_name: 'a' });`,
    );

    expect(code).toBe(0);
    expect(server.received).toHaveLength(0);
  });
});
