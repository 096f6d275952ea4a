import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAlertStore } from '../../../adapters/sqlite/alert-store.ts';
import { DamagedStoreError } from '../../../adapters/sqlite/database.ts';
import { openLiveStore } from '../../../adapters/sqlite/live-store.ts';
import { acknowledged } from '../../../core/alert/incident.ts';
import { incidentStoreContract, openIncident } from '../../contracts/incident-store.contract.ts';
import { pipelineWatchesContract } from '../../contracts/pipeline-watches.contract.ts';
import { recoveryStoreContract } from '../../contracts/recovery-store.contract.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const subject = { environment: 'prod', process_name: 'orders', slot: 'run 1' };
const key = { environment: 'prod', process_name: 'orders' };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-'));
  path = join(folder, 'alerts.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

incidentStoreContract('SQLite', async () => openAlertStore(':memory:').incidents);
recoveryStoreContract('SQLite', async () => openAlertStore(':memory:').recoveries);
pipelineWatchesContract('SQLite', async () => openAlertStore(':memory:').watches);

test('what was stored is there when the file is opened again, in one file', async () => {
  const first = openAlertStore(path);
  const incident = await openIncident(first.incidents, subject, NOW);
  const watch = await first.watches.changeWatch(key, () => ({
    ...key,
    since: NOW,
    judged_until: NOW,
    next_check: NOW,
  }));
  await first.close();
  await first.close();
  expect(readdirSync(folder)).toEqual(['alerts.sqlite']);

  const second = openAlertStore(path);
  expect(await second.incidents.unsentIncidents(10)).toEqual([incident]);
  expect(await second.watches.dueWatches(NOW, 10)).toEqual([watch]);
  await second.close();
});

test('clearing the live store leaves incidents and watches', async () => {
  const live = openLiveStore(join(folder, 'live.sqlite'));
  const alerts = openAlertStore(path);
  const incident = await openIncident(alerts.incidents, subject, NOW);
  await live.clear();
  expect(await alerts.incidents.listIncidents({ limit: 10 })).toEqual([incident]);
  await live.close();
  await alerts.close();
});

test('two processes on one file open one incident, and see what the other wrote', async () => {
  const [mine, other] = [openAlertStore(path), openAlertStore(path)];
  const opened = await openIncident(mine.incidents, subject, NOW);
  expect(await openIncident(other.incidents, subject, NOW)).toEqual(opened);
  await other.incidents.changeIncident(subject, (stored) => stored && acknowledged(stored, NOW, 'Ada'));
  expect(await mine.incidents.incidentOf(opened?.id ?? '')).toMatchObject({ acknowledged_by: 'Ada' });
  await mine.close();
  await other.close();
});

test('nobody else can write between what a change is given and what it returns', async () => {
  const store = openAlertStore(path);
  const other = new DatabaseSync(path);
  other.exec('pragma busy_timeout = 0');
  await store.incidents.changeIncident(subject, (stored) => {
    expect(() => other.exec('begin immediate')).toThrow('database is locked');
    return stored;
  });
  other.close();
  await store.close();
});

test('what is returned as it was given is not written', async () => {
  const store = openAlertStore(path);
  const opened = await openIncident(store.incidents, subject, NOW);
  const watch = await store.watches.changeWatch(key, () => ({ ...key, since: NOW, judged_until: NOW }));
  const other = new DatabaseSync(path);
  for (const table of ['incidents', 'watches'])
    other.exec(`create trigger no_${table} before insert on ${table} begin select raise(abort, 'written'); end`);
  expect(await store.incidents.changeIncident(subject, (stored) => stored)).toEqual(opened);
  expect(await store.watches.changeWatch(key, (stored) => stored ?? watch)).toEqual(watch);
  await expect(store.watches.changeWatch(key, () => ({ ...watch }))).rejects.toThrow(
    'Expected alerts.sqlite to take a change, got: written. Nothing of it was kept.',
  );
  other.close();
  await store.close();
});

test('a file of another version, and one that is no store, are refused with what to do', () => {
  const database = new DatabaseSync(path);
  database.exec('pragma user_version = 99');
  database.close();
  expect(() => openAlertStore(path)).toThrow(
    'to be the store of incidents of this ledger, or a new file in an existing folder; got: its tables are of version ' +
      '99, this ledger knows 1. Use the version that made it, or move the file away: what was found and decided ' +
      'comes back from the log of incidents.',
  );
  const broken = join(folder, 'broken.sqlite');
  writeFileSync(broken, 'no database at all, but long enough to be read as one\n'.repeat(100));
  expect(() => openAlertStore(broken)).toThrow(DamagedStoreError);
});

test.each([
  [
    'open incidents of a pipeline',
    'select 1 from incidents where open = 1 and environment = ? and process_name = ?',
    2,
  ],
  ['unsent incidents', 'select 1 from incidents where unsent_since is not null order by unsent_since', 0],
  ['due watches', 'select 1 from watches where next_check <= ? order by next_check', 1],
])('%s are found without reading the others', async (_, query, parameters) => {
  await openAlertStore(path).close();
  const database = new DatabaseSync(path);
  const plan = database.prepare(`explain query plan ${query}`).all(...Array(parameters).fill('x'));
  expect(plan.map(({ detail }) => detail).join()).toMatch(/USING (COVERING )?INDEX (open_|unsent_|due_)/);
  database.close();
});
