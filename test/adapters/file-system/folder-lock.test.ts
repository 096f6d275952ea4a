import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FolderLock, lockFolder } from '../../../adapters/file-system/folder-lock.ts';
import { readServing, writeServing } from '../../../adapters/file-system/serving-file.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-'));
});
const holders = new Set<ChildProcess>();
afterEach(async () => {
  await Promise.all([...holders].map(killed));
  rmSync(dir, { recursive: true, force: true });
});

function held(folder: string): FolderLock {
  const lock = lockFolder(folder);
  if ('release' in lock) return lock;
  throw new Error(`expected the folder to be free, it is held by ${lock.heldBy}`);
}

/** A process that holds the folder until it is killed. */
async function holderProcess(serving?: object): Promise<ChildProcess> {
  const script = `
    import { lockFolder } from ${JSON.stringify(new URL('../../../adapters/file-system/folder-lock.ts', import.meta.url).href)};
    import { writeServing } from ${JSON.stringify(new URL('../../../adapters/file-system/serving-file.ts', import.meta.url).href)};
    const lock = lockFolder(${JSON.stringify(dir)});
    const serving = ${JSON.stringify(serving ?? null)};
    if (serving) writeServing(${JSON.stringify(dir)}, { ...serving, pid: process.pid });
    process.stdout.write('release' in lock ? 'holds' : 'waits');
    setInterval(() => {}, 60_000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.add(child);
  if (!child.stdout) throw new Error('expected the output of the process to be piped');
  const said = await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  expect(String(said[0])).toBe('holds');
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  holders.delete(child);
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

test('a folder that is missing is made, and held until it is released', () => {
  const folder = join(dir, 'new', 'ledger');
  const lock = held(folder);
  expect(lockFolder(folder)).toEqual({ heldBy: null });
  lock.release();
  lock.release();
  held(folder).release();
});

test('folders are held one by one', () => {
  const locks = [held(join(dir, 'a')), held(join(dir, 'b'))];
  for (const lock of locks) lock.release();
});

test('a folder that cannot be used is refused with what to do', () => {
  writeFileSync(join(dir, 'lock.sqlite'), 'this is not a database, only a text that is long enough to be looked at');
  expect(() => lockFolder(dir)).toThrow(/^Expected to lock .* got: .* Check that the folder can be written\.$/);
});

describe('a folder that another process holds', () => {
  test('cannot be taken, and tells who serves from it', async () => {
    const holder = await holderProcess({ url: 'http://127.0.0.1:4100', token: 'secret' });
    expect(lockFolder(dir)).toEqual({ heldBy: `process ${holder.pid}, serving at http://127.0.0.1:4100` });
    expect(readServing(dir)).toEqual({ url: 'http://127.0.0.1:4100', pid: holder.pid, token: 'secret' });
  });

  test('cannot be taken either when it does not say where it serves', async () => {
    await holderProcess();
    expect(lockFolder(dir)).toEqual({ heldBy: null });
    writeFileSync(join(dir, 'serving.json'), '{');
    expect(lockFolder(dir)).toEqual({ heldBy: null });
  });

  test('is free once that process is killed, and nobody is sent to it any more', async () => {
    const holder = await holderProcess({ url: 'http://127.0.0.1:4100' });
    await killed(holder);
    const lock = held(dir);
    expect(readServing(dir)).toBeNull();
    lock.release();
  });
});

describe('where a ledger serves', () => {
  const serving = { url: 'http://127.0.0.1:4100', pid: 42, token: 'secret' };

  test('is read as it was written, by its user only', () => {
    writeServing(dir, { url: 'http://127.0.0.1:1', pid: 1 });
    writeServing(dir, serving);
    expect(readServing(dir)).toEqual(serving);
    expect(readdirSync(dir)).toEqual(['serving.json']);
    if (process.platform !== 'win32') expect(statSync(join(dir, 'serving.json')).mode & 0o777).toBe(0o600);
  });

  test('is unknown when nothing says so, and once the folder is released', () => {
    expect(readServing(dir)).toBeNull();
    const lock = held(dir);
    writeServing(dir, serving);
    lock.release();
    expect(readServing(dir)).toBeNull();
  });

  test.each([
    ['{', 'no JSON'],
    ['{"url":"somewhere","pid":42}', 'Invalid URL'],
    ['{"url":"http://127.0.0.1:1","pid":"42"}', 'expected number, received string'],
  ])('is refused when the file says %s', (text, got) => {
    writeFileSync(join(dir, 'serving.json'), text);
    expect(() => readServing(dir)).toThrow(`Expected ${join(dir, 'serving.json')} to say where the ledger serves`);
    expect(() => readServing(dir)).toThrow(got);
  });
});
