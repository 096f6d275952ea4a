import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ledgersOf } from '../../cli/ledger.ts';
import { run } from '../../cli/run.ts';
import { anIo } from '../cli/fakes.ts';
import { eventually, expectAll, sender } from './oracle.ts';
import { type Served, serveLedger } from './served.ts';

let served: Served;
let runs: ReturnType<typeof sender>;
beforeEach(async () => {
  served = await serveLedger();
  runs = sender(() => served);
  for (let batch = 0; batch < 3; batch++) {
    await runs.send(20);
    await served.ask('select 1');
  }
});
afterEach(() => served.close());

const inFolder = (name: string) => join(served.folder, name);
const well = () => eventually(() => expectAll(served, runs.acknowledged));

async function killed(): Promise<void> {
  const ended = new Promise((resolve) => served.process.once('exit', resolve));
  served.process.kill('SIGKILL');
  await ended;
}

const restarted = async (): Promise<void> => {
  served = await serveLedger(served.folder);
};

/** What `runledger doctor` says of the ledger that is served. */
async function doctor(): Promise<{ code: number; out: string }> {
  const io = anIo({ env: { RUNLEDGER_URL: served.url } });
  const dependencies = ledgersOf(
    io,
    () => undefined,
    () => undefined,
  );
  const code = await run(['doctor'], io, {
    ...dependencies,
    runProcess: () => Promise.reject(new Error('none')),
    openBrowser: () => undefined,
  });
  return { code, out: io.out() };
}

/** Behind the first bytes, by which the file is known for what it is. */
const damageFrom =
  (offset: number) =>
  (file: string): void => {
    const content = readFileSync(file);
    content.fill(0x55, offset, Math.min(content.length, 40_960));
    writeFileSync(file, content);
  };

describe('what can be had back from the raw lines is had back, and said,', () => {
  test.each([
    ['lake.duckdb', 'is gone', (file: string) => rmSync(file), 'the tables were missing'],
    ['lake.duckdb', 'is damaged', damageFrom(4096), 'are damaged'],
    ['lake.duckdb', 'is empty', (file: string) => truncateSync(file), 'are damaged'],
    ['live.sqlite', 'is gone', (file: string) => rmSync(file), ''],
    ['live.sqlite', 'is damaged', damageFrom(100), 'It was moved to'],
    ['live.sqlite', 'is no database', (file: string) => writeFileSync(file, 'x'.repeat(9999)), 'It was moved to'],
  ])('when %s %s', async (name, _, harm, said) => {
    await killed();
    for (const log of [`${name}.wal`, `${name}-wal`, `${name}-shm`]) rmSync(inFolder(log), { force: true });
    harm(inFolder(name));
    await restarted();
    const live = (await (await fetch(`${served.url}/api/runs?limit=1000`)).json()) as unknown[];
    expect(live).toHaveLength(runs.acknowledged.size);
    expect(served.errors()).toContain(said);
    await expectAll(served, runs.acknowledged);
    expect(await doctor()).toMatchObject({ code: 0 });
  });

  test('when the tables turn out to be damaged while they are read', async () => {
    await killed();
    const file = inFolder('lake.duckdb');
    rmSync(`${file}.wal`, { force: true });
    const content = readFileSync(file);
    content.fill(0x55, 12_288);
    writeFileSync(file, content);
    await restarted();
    await served.ask('select * from pipeline_logs');
    await killed();
    await restarted();
    await well();
  });
});

test('a raw file that is gone or cut is named by doctor', async () => {
  const rawFiles = () =>
    readdirSync(inFolder('raw'), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ndjson(\.zst)?$/.test(name))
      .sort();
  // While they are packed, one may be taken away and put back.
  await eventually(async () => expect(rawFiles().filter((name) => !name.endsWith('.zst'))).toEqual([]));
  const files = rawFiles();
  const object = (at: number) => `raw/${files[at]?.replace(/\.zst$/, '')}`;
  expect(files.length).toBeGreaterThan(1);
  rmSync(join(inFolder('raw'), files[0] ?? ''));
  truncateSync(join(inFolder('raw'), files[1] ?? ''), 100);
  const { code, out } = await doctor();
  expect(code).toBe(1);
  expect(out).toContain(`${object(0)} is recorded, and gone`);
  expect(out).toContain(`${object(1)} has 100 B where`);
});

test('a second ledger whose lock was removed does not touch the first one', async () => {
  await runs.send(5);
  rmSync(inFolder('lock.sqlite'));
  await expect(serveLedger(served.folder)).rejects.toThrow(/another process has the tables/);
  await runs.send(5);
  await well();
});

test('what is kept is for its user alone, whatever the umask says', async () => {
  await runs.send(5);
  const open = readdirSync(served.folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const { mode } = statSync(inFolder(name));
    return (mode & 0o077) !== 0;
  });
  expect(open).toEqual([]);
  expect(existsSync(inFolder('raw'))).toBe(true);
});
