import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually, expectAll, healthOf, sender } from './oracle.ts';
import { type Served, serveLedger } from './served.ts';

let served: Served;
let runs: ReturnType<typeof sender>;
beforeEach(async () => {
  served = await serveLedger();
  runs = sender(() => served);
});
afterEach(() => served.close());

const failing = () =>
  eventually(async () => expect(await healthOf(served)).toMatchObject({ status: 503, body: { status: 'failing' } }));
const well = () => eventually(() => expectAll(served, runs.acknowledged));

describe('nothing acknowledged is lost, and all is there again without a restart,', () => {
  test('when another process keeps the live store locked', async () => {
    await runs.send(10);
    const other = new DatabaseSync(join(served.folder, 'live.sqlite'));
    other.exec('pragma busy_timeout = 5000; begin immediate');
    for (let batch = 0; batch < 5; batch++) expect(await runs.send(10)).toBe(200);
    await failing();
    const { status, answer } = await served.ask('select count(*) from pipeline_logs');
    expect([status, answer.note]).toEqual([200, expect.stringContaining('Another process keeps it locked')]);
    other.exec('rollback');
    other.close();
    await well();
  });

  test('when the folder of the open segment is removed', async () => {
    expect(await runs.send(10)).toBe(200);
    for (const day of readdirSync(join(served.folder, 'raw')))
      rmSync(join(served.folder, 'raw', day), { recursive: true });
    expect(await runs.send(10)).toBe(200);
    await well();
  });

  test('when raw/ is away for a while, and something else stands in its place', async () => {
    await runs.send(10);
    await served.ask('select 1');
    await runs.send(10);
    const raw = join(served.folder, 'raw');
    renameSync(raw, `${raw}.away`);
    writeFileSync(raw, '');
    await failing();
    for (let batch = 0; batch < 3; batch++) await runs.send(10);
    expect((await served.ask('select count(*) from pipeline_logs')).status).toBe(200);
    rmSync(raw);
    renameSync(`${raw}.away`, raw);
    await well();
    await runs.send(10);
    await well();
  });

  const hasPrlimit = process.platform === 'linux' && existsSync('/usr/bin/prlimit');
  const limit = (...what: readonly string[]) =>
    execFileSync('/usr/bin/prlimit', ['--pid', String(served.process.pid), ...what], { stdio: 'pipe' });

  test.runIf(hasPrlimit)('when no file can be written', async () => {
    await runs.send(10);
    limit('--fsize=0:');
    expect(await runs.send(10)).toBe(500);
    await failing();
    expect((await served.ask('select 1')).status).toBe(200);
    limit('--fsize=unlimited:');
    await eventually(async () => expect(await runs.send(10)).toBe(200));
    await well();
  });

  test.runIf(hasPrlimit)('when there are no file descriptors left', async () => {
    await runs.send(10);
    await served.ask('select 1');
    limit('--nofile=3:');
    expect([0, 500]).toContain(await runs.send(10));
    limit('--nofile=1024:');
    await eventually(async () => expect(await runs.send(10)).toBe(200));
    await well();
  });
});

test('a byte that is not UTF-8 in the newest raw file costs its line alone', async () => {
  await runs.send(3);
  await served.ask('select 1');
  const folder = join(served.folder, 'raw', 'dt=2025-11-03', 'hh=00');
  mkdirSync(folder, { recursive: true });
  const stamped = (key: string, end: string | Uint8Array) =>
    Buffer.concat([
      Buffer.from(
        `{"event_key":"${key.padStart(32, '0')}","event_date":"2025-11-03","event_time":"2025-11-03T12:00:00.000Z","message":"`,
      ),
      Buffer.from(end),
      Buffer.from('\n'),
    ]);
  writeFileSync(
    join(folder, 'rotten.ndjson'),
    Buffer.concat([stamped('a', Uint8Array.of(0xff)), Buffer.from('{"n":1}\n')]),
  );
  served.process.kill('SIGKILL');
  served = await serveLedger(served.folder);
  await well();
  const summary = (await (await fetch(`${served.url}/api/summary`)).json()) as { lines: object };
  expect(summary.lines).toMatchObject({ inserted: 3, unreadable: 1, unaccepted: 1 });
  const rebuilt = await fetch(`${served.url}/api/rebuild`, { method: 'POST', body: '{"verify":true}' });
  expect(await rebuilt.json()).toMatchObject({ identical: true, parked: [] });
});
