import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Spool } from '../src/spool.ts';
import { aFolder, type TestFolder } from './a-folder.ts';
import { aServer, type TestServer } from './a-server.ts';

/** Clients as real processes, that share one folder. */
const execute = promisify(execFile);
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const EXEC = here('../../sh/runledger-exec');
const PYTHON = here('../../python/src');
const INDEX = new URL('../src/index.ts', import.meta.url).href;
const BIN = here('../src/bin.ts');
const LIMITS = { bytes: 1_048_576, ageMs: 86_400_000 };
const hasPython = spawnSync('python3', ['--version']).status === 0;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const run = (command: string, args: readonly string[], env: Record<string, string | undefined>): Promise<Ran> =>
  execute(command, args, { env: { ...process.env, NODE_OPTIONS: '', PYTHONPATH: PYTHON, ...env } }).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
  );

/** Of a disk of its own, without being root. */
const SMALL_DISK = ['--user', '--map-root-user', '--mount'];
const hasSmallDisk = spawnSync('unshare', [...SMALL_DISK, 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

type Client = (env: Record<string, string | undefined>) => Promise<Ran>;

/** Each does one run, called by its name. */
const COMMANDS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  node: [
    process.execPath,
    '--input-type=module',
    '--eval',
    `import { run } from ${JSON.stringify(INDEX)}; await run(process.env.WRITER ?? 'node', () => {});`,
  ],
  python: ['python3', '-c', "import runledger\nwith runledger.run('python'): pass"],
  shell: [EXEC, '--pipeline', 'shell', '--', 'true'],
};
const commandOf = (name: string): readonly [string, ...string[]] => COMMANDS[name] ?? ['false'];
const writes = (name: string): Client => {
  const [command, ...args] = commandOf(name);
  return (env) => run(command, args, env);
};

/** Each sends what waits. */
const SENDERS: Readonly<Record<string, Client>> = {
  node: (env) => run(process.execPath, [BIN, 'spool', 'send'], env),
  python: (env) => run('python3', ['-m', 'runledger', 'spool', 'send'], env),
  // The next command does it.
  shell: (env) => run(EXEC, ['--pipeline', 'shell', '--run-id', 'sender', '--', 'true'], env),
};

const clients = Object.keys(COMMANDS).filter((name) => name !== 'python' || hasPython);
const pairs = clients.flatMap((writer) => clients.map((sender) => ({ writer, sender })));
const sends = (name: string): Client => SENDERS[name] as Client;

/** A ledger that answers as told, and its runs with what they said. */
async function aLedger(): Promise<{ server: TestServer; isAway: boolean; told(): string[] } & AsyncDisposable> {
  const ledger = { isAway: true };
  const server = await aServer(() => (ledger.isAway ? { status: 503 } : { status: 200, body: '{}' }));
  return Object.assign(ledger, {
    server,
    told: () =>
      server.received
        .flatMap(({ body }) => body.split('\n').filter((line) => line !== ''))
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ run_id }) => run_id !== 'sender')
        .map(({ process_name, event_type }) => `${process_name} ${event_type}`)
        .sort(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}
const environmentOf = (server: TestServer, folder: TestFolder) => ({
  RUNLEDGER_URL: server.url,
  RUNLEDGER_SPOOL: folder.path,
  RUNLEDGER_CONTEXT: 'off',
});

describe('one spool for all clients', () => {
  test.each(pairs)('$sender sends what $writer left', async ({ writer, sender }) => {
    using folder = aFolder();
    await using ledger = await aLedger();
    const env = environmentOf(ledger.server, folder);
    expect(await writes(writer)(env)).toMatchObject({ code: 0 });
    expect(folder.files().map((file) => dirname(file))).toEqual(
      folder.files().map(() => new Spool(folder.path, `${ledger.server.url}/events`, LIMITS, Date.now).folder),
    );
    expect(folder.files().length).toBeGreaterThan(0);

    ledger.server.received.length = 0;
    ledger.isAway = false;
    expect(await sends(sender)(env)).toMatchObject({ code: 0 });

    expect(ledger.told()).toEqual([`${writer} RUN_END`, `${writer} RUN_START`]);
    expect(folder.files()).toEqual([]);
  });

  test.each(clients)('%s leaves what cannot be sent yet', async (sender) => {
    using folder = aFolder();
    await using ledger = await aLedger();
    const env = environmentOf(ledger.server, folder);
    await writes('shell')(env);
    const before = folder.files().length;

    const { code, err } = await sends(sender)(env);

    expect(folder.files().length).toBeGreaterThanOrEqual(before);
    if (sender !== 'shell') expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('503') });
  });

  test.each(clients)(
    '%s sends the whole lines of a file that was half written when its writer died',
    async (sender) => {
      using folder = aFolder();
      await using ledger = await aLedger();
      ledger.isAway = false;
      const { folder: spool } = new Spool(folder.path, `${ledger.server.url}/events`, LIMITS, Date.now);
      mkdirSync(spool, { recursive: true });
      const line = (event_type: string) => JSON.stringify({ process_name: 'died', event_type });
      const half = join(spool, '.1700000000000-0123456789abcdef-2-99.ndjson.tmp');
      const torn = join(spool, '1700000000001-0123456789abcdef-2-99.ndjson.sending-0123456789abcdef');
      writeFileSync(half, `${line('RUN_START')}\n${line('RUN_END').slice(0, 20)}`);
      writeFileSync(torn, `${line('RUN_END')}\n`);
      for (const file of [half, torn]) utimesSync(file, 1_700_000_000, 1_700_000_000);

      await sends(sender)(environmentOf(ledger.server, folder));

      expect(ledger.told()).toEqual(['died RUN_END', 'died RUN_START']);
      expect(folder.files()).toEqual([]);
    },
  );

  test.each(clients)('a folder that %s may not write to costs the job nothing', async (writer) => {
    using folder = aFolder();
    await using ledger = await aLedger();
    const file = join(folder.path, 'no-folder');
    writeFileSync(file, '');
    const ran = await writes(writer)({ ...environmentOf(ledger.server, folder), RUNLEDGER_SPOOL: file });

    expect(ran.code).toBe(0);
    expect(folder.files()).toEqual([file]);
  });

  test.skipIf(!hasSmallDisk).each(clients)(
    'a disk that is full costs %s nothing, and keeps nothing half written',
    async (writer) => {
      using folder = aFolder();
      await using ledger = await aLedger();
      const env = { ...environmentOf(ledger.server, folder), RUNLEDGER_SPOOL: join(folder.path, 'spool') };
      const [command, ...args] = commandOf(writer);
      const script = `mkdir "$0" && mount -t tmpfs -o size=64k none "$0" && head -c 64k /dev/zero >"$0/full"; "$@"; echo "code $?"; find "$0" -name '*.ndjson*' -size +0`;
      const ran = await run('unshare', [...SMALL_DISK, 'sh', '-c', script, env.RUNLEDGER_SPOOL, command, ...args], env);

      expect(ran.out).toBe('code 0\n');
    },
  );

  test('two hundred processes write and send at once, and nothing is lost or half sent', async () => {
    using folder = aFolder();
    await using ledger = await aLedger();
    const env = environmentOf(ledger.server, folder);
    // Most are forked: starting two hundred interpreters would test the machine.
    const forks = `
import os, runledger.spool, sys
spool = runledger.spool.Spool(sys.argv[1], sys.argv[2])
for one in range(int(sys.argv[4])):
    if os.fork() == 0:
        for event in ("RUN_START", "RUN_END"):
            spool.write([f'{{"process_name":"{sys.argv[3]}-{one}","event_type":"{event}"}}\\n'.encode()])
        os._exit(0)
for one in range(int(sys.argv[4])):
    assert os.wait()[1] == 0
`;
    const forked = hasPython ? ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] : [];
    const started = Array.from({ length: 40 }, (_, at) => `p${at}`);
    const ended = await Promise.all([
      ...forked.map((name) =>
        run('python3', ['-c', forks, folder.path, `${ledger.server.url}/events`, name, '20'], {}),
      ),
      ...started.map((name, at) =>
        at < 4
          ? writes('node')({ ...env, WRITER: name })
          : run(EXEC, ['--pipeline', name, '--heartbeat', '0', '--', 'true'], env),
      ),
    ]);
    expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
    const names = [...forked.flatMap((name) => Array.from({ length: 20 }, (_, one) => `${name}-${one}`)), ...started];

    ledger.server.received.length = 0;
    ledger.isAway = false;
    expect(await sends('node')(env)).toMatchObject({ code: 0 });

    expect([...new Set(ledger.told())]).toEqual(
      names.flatMap((name) => [`${name} RUN_END`, `${name} RUN_START`]).sort(),
    );
    expect(folder.files()).toEqual([]);
  });
});

describe('the command of the spool', () => {
  const spool = (args: readonly string[], env: Record<string, string>) => run(process.execPath, [BIN, ...args], env);

  test('lists what waits, for other places too', async () => {
    using folder = aFolder();
    await using ledger = await aLedger();
    await writes('node')(environmentOf(ledger.server, folder));
    const other = { ...environmentOf(ledger.server, folder), RUNLEDGER_URL: 'http://other.example' };

    const { code, out } = await spool(['spool', 'list'], other);

    const lines = out.trim().split('\n');
    expect(code).toBe(0);
    expect(lines[0]).toMatch(/\/http-other-example-events-[0-9a-f]{12}: 0 events in 0 files wait$/);
    expect(lines[1]).toMatch(/: 2 events in \d files wait, for a place that the environment does not name$/);
  });

  test.each([[[]], [['spool']], [['spool', 'burn']], [['spool', 'list', 'all']]])(
    'explains itself: %j',
    async (args) => {
      expect(await spool(args, {})).toEqual({ code: 2, out: '', err: 'Usage: runledger-client spool list|send\n' });
    },
  );

  test('says that there is none', async () => {
    const { code, err } = await spool(['spool', 'send'], { RUNLEDGER_SPOOL: 'off' });

    expect([code, err]).toEqual([1, expect.stringMatching(/^There is no spool: RUNLEDGER_SPOOL turns it off/)]);
  });
});
