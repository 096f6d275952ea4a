import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { aFolder } from './a-folder.ts';
import { eventsIn, inShort, type SentEvent } from './a-ledger.ts';
import { aServer, type TestServer } from './a-server.ts';

const CLIENT = new URL('../src/index.ts', import.meta.url).href;
const OK = { status: 200, body: '{}' };

interface Died {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

interface Job {
  readonly child: ChildProcess;
  /** Settles when the job has said so much on its standard output. */
  said(text: string): Promise<void>;
  readonly died: Promise<Died>;
}

/** A job in a process of its own, with a ledger and a run that is open. */
function aJob(
  url: string,
  script: string,
  env: Record<string, string> = {},
  options = '{}',
  container: readonly string[] = [],
): Job {
  const source = `import { Ledger } from ${JSON.stringify(CLIENT)};
    const ledger = new Ledger(${options});
    const run = ledger.startRun({ process_name: 'a' });
    ${script}`;
  const [command = '', ...args] = [...container, process.execPath, '--input-type=module', '--eval', source];
  const child = spawn(command, args, {
    env: { ...process.env, RUNLEDGER_URL: url, RUNLEDGER_SPOOL: 'off', NODE_OPTIONS: '', ...env },
    cwd: fileURLToPath(new URL('.', import.meta.url)),
  });
  let output = '';
  let errors = '';
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
    for (const listener of listeners) listener();
  });
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk));
  return {
    child,
    said: (text) =>
      new Promise((resolve) => {
        const look = () => output.includes(text) && resolve();
        listeners.add(look);
        look();
      }),
    died: new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, output, errors }))),
  };
}

const sentTo = (server: TestServer): SentEvent[] => eventsIn(server.received.map(({ body }) => Buffer.from(body)));
const lastOf = (events: readonly SentEvent[]): SentEvent | undefined => events.at(-1);

const hasSignalExit = existsSync(fileURLToPath(new URL('../../../node_modules/signal-exit', import.meta.url)));

/** As in a container: the job is process 1. */
const CONTAINER = ['unshare', '--user', '--map-root-user', '--pid', '--fork'];
const hasContainers = spawnSync(CONTAINER[0] ?? '', [...CONTAINER.slice(1), 'true']).status === 0;

/** Waits for something that nobody will send, so that only a signal ends the job. */
const WAITS = `setInterval(() => {}, 1_000_000); console.log('waits');`;

describe('a process with an open run', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'that gets %s ends it CANCELLED and dies by it',
    async (signal) => {
      await using server = await aServer(() => OK);
      const job = aJob(server.url, WAITS);
      await job.said('waits');

      job.child.kill(signal);

      expect(await job.died).toMatchObject({ code: null, signal });
      expect(inShort(sentTo(server))).toEqual(['RUN_START RUNNING', 'RUN_END CANCELLED']);
      expect(lastOf(sentTo(server))?.message).toBe(signal);
    },
  );

  test('that gets a second signal dies without waiting for a ledger that hangs', async () => {
    await using server = await aServer(() => 'hang');
    const job = aJob(server.url, WAITS);
    await job.said('waits');

    job.child.kill('SIGTERM');
    await server.receives(1);
    job.child.kill('SIGINT');

    expect(await job.died).toMatchObject({ signal: 'SIGINT' });
  });

  test('whose own code handles the signal decides itself; that the signal came is told', async () => {
    await using server = await aServer(() => OK);
    const job = aJob(
      server.url,
      `process.on('SIGTERM', async () => { await run.end('SUCCESS', 'stopped'); process.exit(7); }); ${WAITS}`,
    );
    await job.said('waits');

    job.child.kill('SIGTERM');

    expect(await job.died).toMatchObject({ code: 7 });
    expect(inShort(sentTo(server))).toEqual(['RUN_START RUNNING', 'CHECKPOINT', 'RUN_END SUCCESS']);
  });

  test.skipIf(!hasSignalExit)('is not kept from dying by the package signal-exit', async () => {
    await using server = await aServer(() => OK);
    const job = aJob(server.url, `(await import('signal-exit')).onExit(() => {}); ${WAITS}`);
    await job.said('waits');

    job.child.kill('SIGTERM');

    expect(await job.died).toMatchObject({ signal: 'SIGTERM' });
    expect(lastOf(sentTo(server))).toMatchObject({ status: 'CANCELLED' });
  });

  test.skipIf(!hasContainers)(
    'that is the first of its container ends at the signal, as a shell would say it',
    async () => {
      await using server = await aServer(() => OK);
      const job = aJob(
        server.url,
        `process.stdin.on('close', () => process.kill(process.pid, 'SIGTERM')).resume(); ${WAITS}`,
        {},
        '{}',
        CONTAINER,
      );
      await job.said('waits');

      // `unshare` hands the signal to nobody: the job tells itself.
      job.child.stdin?.end();

      expect(await job.died).toMatchObject({ code: 143 });
      expect(lastOf(sentTo(server))).toMatchObject({ status: 'CANCELLED' });
    },
  );

  test('that throws ends it FAILED with the error, and ends as it would have', async () => {
    await using server = await aServer(() => OK);

    const { code, errors } = await aJob(server.url, `setImmediate(() => { throw new TypeError('no such table'); });`)
      .died;

    expect(code).toBe(1);
    expect(errors).toContain('TypeError: no such table');
    expect(inShort(sentTo(server))).toEqual(['RUN_START RUNNING', 'ERROR', 'RUN_END FAILED']);
    expect(lastOf(sentTo(server))?.error?.message).toBe('no such table');
  });

  test('that leaves a rejection unhandled ends it FAILED with that', async () => {
    await using server = await aServer(() => OK);

    const { code } = await aJob(server.url, `Promise.reject(new Error('lost')); ${WAITS}`).died;

    expect(code).toBe(1);
    expect(lastOf(sentTo(server))?.error?.message).toBe('lost');
  });

  test('whose own code handles errors goes on, and the error is reported', async () => {
    await using server = await aServer(() => OK);

    const { code } = await aJob(
      server.url,
      `process.on('uncaughtException', async () => { await run.end(); });
       setImmediate(() => { throw new Error('handled'); });`,
    ).died;

    expect(code).toBe(0);
    expect(inShort(sentTo(server))).toEqual(['RUN_START RUNNING', 'ERROR', 'RUN_END SUCCESS']);
  });

  test('that calls process.exit ends it FAILED, whatever the code: nothing unknown is a success', async () => {
    await using server = await aServer(() => OK);

    const { code } = await aJob(server.url, 'process.exit(0);').died;

    expect(code).toBe(0);
    expect(inShort(sentTo(server))).toEqual(['RUN_START RUNNING', 'ERROR', 'RUN_END FAILED']);
    expect(lastOf(sentTo(server))?.error?.message).toContain('ended with exit code 0 while the run was open');
  });

  test('that calls process.exit after the run chose its end keeps to that', async () => {
    await using server = await aServer(() => OK);

    await aJob(server.url, 'run.succeed(); process.exit(3);').died;

    expect(lastOf(sentTo(server))).toMatchObject({ event_type: 'RUN_END', status: 'SUCCESS' });
  });

  test('that calls process.exit while the ledger is away leaves its events in the spool', async () => {
    using folder = aFolder();
    const server = await aServer(() => 'close');
    await server[Symbol.asyncDispose]();
    const spool = { RUNLEDGER_SPOOL: folder.path };
    await aJob(server.url, 'process.exit(3);', spool).died;
    expect(folder.files()).toHaveLength(1);
  });

  test('that has nothing left to do ends it FAILED, and sends that', async () => {
    await using server = await aServer(() => OK);

    const { code } = await aJob(server.url, '').died;

    expect(code).toBe(0);
    expect(inShort(sentTo(server))).toEqual(['RUN_START RUNNING', 'ERROR', 'RUN_END FAILED']);
  });

  test('sends what nobody waited for', async () => {
    await using server = await aServer(() => OK);

    await aJob(server.url, 'void run.end();').died;

    expect(inShort(sentTo(server))).toEqual(['RUN_START RUNNING', 'RUN_END SUCCESS']);
  });

  test('may be told to leave its end to its own code', async () => {
    await using server = await aServer(() => OK);
    const job = aJob(server.url, `await ledger.flush(); ${WAITS}`, {}, '{ end_with_process: false }');
    await job.said('waits');

    job.child.kill('SIGTERM');

    expect(await job.died).toMatchObject({ signal: 'SIGTERM' });
    expect(inShort(sentTo(server))).toEqual(['RUN_START RUNNING']);
  });

  test('listens to signals only while a run is open', async () => {
    await using server = await aServer(() => OK);

    const { output } = await aJob(
      server.url,
      `const listeners = () => process.listenerCount('SIGTERM') + process.listenerCount('SIGINT');
       const open = listeners();
       await run.end();
       console.log(open, listeners());`,
    ).died;

    expect(output).toBe('2 0\n');
  });
});

test('a child process joins the run of its parent by itself', async () => {
  await using server = await aServer(() => OK);
  const child = `
    import { Ledger } from ${JSON.stringify(CLIENT)};
    await new Ledger().run({ process_name: 'a' }, (run) => run.step('in the child', () => undefined));`;

  await aJob(
    server.url,
    `const { spawn } = await import('node:child_process');
     const child = spawn(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(child)}], { stdio: 'inherit' });
     await new Promise((resolve) => child.on('exit', resolve));
     await run.end();`,
  ).died;

  const events = sentTo(server);
  expect(new Set(events.map((event) => event.run_id)).size).toBe(1);
  expect(inShort(events).sort()).toEqual([
    'RUN_END SUCCESS',
    'RUN_START RUNNING',
    'STEP_END in the child SUCCESS',
    'STEP_START in the child RUNNING',
  ]);
});
