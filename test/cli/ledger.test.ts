import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeServing } from '../../adapters/file-system/serving-file.ts';
import type { RemoteOptions } from '../../adapters/http/client.ts';
import type { AwsTarget } from '../../cli/aws/target.ts';
import { ledgerOpener } from '../../cli/ledger.ts';
import { FolderInUseError } from '../../ledger/errors.ts';
import type { LedgerOptions } from '../../local/ledger.ts';
import { aLedger, anIo, aSummary } from './fakes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-choose-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An opener whose dependencies are recorded. A served ledger keeps its files where it is told to. */
function opener({
  env = {},
  cwd,
  servedFrom,
  openFolder,
  pause,
}: {
  env?: Record<string, string>;
  cwd?: string;
  servedFrom?: string;
  openFolder?: (options: LedgerOptions) => Promise<ReturnType<typeof aLedger>>;
  pause?: () => Promise<void>;
} = {}) {
  const opened: LedgerOptions[] = [];
  const stacks: AwsTarget[] = [];
  const connected: RemoteOptions[] = [];
  const io = anIo({ env, ...(cwd ? { cwd } : {}), ...(pause ? { pause } : {}) });
  const open = ledgerOpener(io, {
    openFolder: async (options) => {
      opened.push(options);
      return openFolder ? openFolder(options) : aLedger();
    },
    openStack: async (place) => {
      stacks.push(place);
      return aLedger();
    },
    connect: (options) => {
      connected.push(options);
      return aLedger({
        summary: () =>
          servedFrom === undefined
            ? Promise.reject(new Error('nobody'))
            : Promise.resolve(aSummary({ data_dir: servedFrom })),
      });
    },
  });
  return { open, opened, connected, stacks, io };
}

test('an address that is typed is asked, with its token', async () => {
  const { open, opened, connected } = opener();
  const ledger = await open({ url: 'https://ledger.example.com/', token: 'secret' }, 'read');
  expect(ledger.where).toBe('https://ledger.example.com');
  expect(connected).toEqual([{ url: 'https://ledger.example.com', token: 'secret' }]);
  expect(opened).toEqual([]);
});

test('what is typed goes before the environment, and an address before a folder', async () => {
  const env = { RUNLEDGER_URL: 'http://env:1', RUNLEDGER_TOKEN: 'from-env', RUNLEDGER_DATA: join(folder, 'env') };
  const addressed = opener({ env });
  await addressed.open({}, 'write');
  expect(addressed.connected).toEqual([{ url: 'http://env:1', token: 'from-env' }]);

  const typed = opener({ env });
  await typed.open({ data: folder }, 'write');
  expect(typed.connected).toEqual([]);
  expect(typed.opened).toEqual([{ dir: folder }]);

  const only = opener({ env: { RUNLEDGER_DATA: join(folder, 'env'), RUNLEDGER_URL: '' } });
  await only.open({}, 'write');
  expect(only.opened).toEqual([{ dir: join(folder, 'env') }]);
});

test('what is no address is said to be none', async () => {
  await expect(opener().open({ url: 'localhost:4319' }, 'read')).rejects.toThrow(
    'expected --url as an address like http://127.0.0.1:4319, but got localhost:4319',
  );
});

test('a folder that a living ledger serves is asked over HTTP, with the token it wrote down', async () => {
  writeServing(folder, { url: 'http://127.0.0.1:4319', pid: 1, token: 'written' });
  const { open, opened, connected } = opener({ servedFrom: folder });
  expect((await open({ data: folder }, 'write')).where).toBe('http://127.0.0.1:4319');
  expect(connected).toEqual([{ url: 'http://127.0.0.1:4319', token: 'written' }]);
  expect(opened).toEqual([]);
});

test('a folder whose ledger died is opened here, even when one of another folder took its address', async () => {
  writeServing(folder, { url: 'http://127.0.0.1:4319', pid: 1 });
  const dead = opener();
  await dead.open({ data: folder }, 'write');
  expect(dead.opened).toEqual([{ dir: folder }]);

  const taken = opener({ servedFrom: join(folder, 'other') });
  await taken.open({ data: folder }, 'write');
  expect(taken.opened).toEqual([{ dir: folder }]);
});

test('only a command that brings events makes a ledger where there is none', async () => {
  const nowhere = join(folder, 'nowhere');
  await expect(opener().open({ data: nowhere }, 'read')).rejects.toThrow(
    `there is no ledger in ${nowhere}; start one with \`runledger serve --data ${nowhere}\`, or say where yours is with --data or --url`,
  );
  const { open, opened } = opener();
  await open({ data: nowhere }, 'write');
  mkdirSync(join(folder, 'raw'));
  await open({ data: folder }, 'read');
  expect(opened).toEqual([{ dir: nowhere }, { dir: folder }]);
});

test('runs are followed only where a ledger serves', async () => {
  mkdirSync(join(folder, 'raw'));
  await expect(opener().open({ data: folder }, 'follow')).rejects.toThrow(
    `expected a ledger that serves ${folder}, but none does; start one with \`runledger serve --data ${folder}\` and try again`,
  );
});

test('a folder that another command holds is waited for', async () => {
  let tries = 0;
  const { open, opened } = opener({
    openFolder: async () => {
      tries += 1;
      if (tries < 3) throw new FolderInUseError('another ledger is using it');
      return aLedger();
    },
  });
  expect((await open({ data: folder }, 'write')).where).toBe(folder);
  expect(opened).toHaveLength(3);
});

test('a ledger that is just starting is asked once it says where it serves', async () => {
  const { open } = opener({
    servedFrom: folder,
    openFolder: () => Promise.reject(new FolderInUseError('another ledger is using it')),
    pause: async () => writeServing(folder, { url: 'http://127.0.0.1:4319', pid: 1 }),
  });
  expect((await open({ data: folder }, 'write')).where).toBe('http://127.0.0.1:4319');
});

test('a folder that stays in use is not waited for longer than five seconds', async () => {
  const { open, io } = opener({ openFolder: () => Promise.reject(new FolderInUseError('another ledger is using it')) });
  await expect(open({ data: folder }, 'write')).rejects.toThrow('another ledger is using it');
  expect(io.pauses.reduce((a, b) => a + b)).toBe(5_000);
});

describe('a deployed ledger', () => {
  test('is that of the default stack, whatever the environment says of others', async () => {
    const { open, stacks, opened, connected } = opener({ env: { RUNLEDGER_URL: 'http://env:1' } });
    await open({ aws: true }, 'read');
    await open({ aws: true, stack: 'runledger-test', region: 'eu-west-1', profile: 'data' }, 'write');
    expect(stacks).toEqual([
      { stack: 'runledger-prod' },
      { stack: 'runledger-test', region: 'eu-west-1', profile: 'data' },
    ]);
    expect([...opened, ...connected]).toEqual([]);
  });

  test.each([
    [{ aws: true, data: 'x' }, 'expected --aws or --data, but got both'],
    [{ aws: true, url: 'http://x' }, 'expected --aws or --url, but got both'],
    [{ stack: 'x' }, '--stack goes with --aws, which is missing'],
    [{ region: 'x' }, '--region goes with --aws, which is missing'],
  ] as const)('is not guessed from %j', async (target, message) => {
    await expect(opener().open(target, 'read')).rejects.toMatchObject({ message, exitCode: 2 });
  });
});

test('without a word the ledger is that of the nearest folder above', async () => {
  const deep = join(folder, 'project', 'src', 'jobs');
  mkdirSync(deep, { recursive: true });
  mkdirSync(join(folder, 'project', '.runledger', 'raw'), { recursive: true });
  const { open, opened } = opener({ cwd: deep });
  await open({}, 'read');
  expect(opened).toEqual([{ dir: join(folder, 'project', '.runledger') }]);
  await expect(opener({ cwd: folder }).open({}, 'read')).rejects.toThrow(' or in a folder above; start one with ');
});
