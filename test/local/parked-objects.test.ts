import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { FolderLedger } from '../../ledger/api.ts';
import { openLedger } from '../../local/ledger.ts';
import { anEvent } from '../factories.ts';

const OBJECT = 'raw/dt=2025-11-03/hh=12/gone.ndjson';
const COUNT = 'select count(*) as n from pipeline_logs';
let dir: string;
let ledger: FolderLedger;

const open = async (): Promise<void> => {
  ledger = await openLedger({ dir });
};
const putBack = (): void => {
  mkdirSync(dirname(join(dir, OBJECT)), { recursive: true });
  writeFileSync(join(dir, OBJECT), `${JSON.stringify(anEvent())}\n`);
};

/** A ledger of which one raw file was recorded and then went away. */
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-'));
  const live = openLiveStore(join(dir, 'live.sqlite'));
  await live.recordObjects([{ object: OBJECT, lines: 1, size_bytes: 300 }]);
  await live.close();
  await open();
});
afterEach(async () => {
  await ledger.close();
  rmSync(dir, { recursive: true, force: true });
});

test('an object that could not be taken in stands on every answer, until its file is back', async () => {
  expect(await ledger.query(COUNT)).toMatchObject({
    rows: [[0]],
    note: '1 object could not be taken in; `runledger objects parked` names each',
  });
  expect(await ledger.parkedObjects()).toMatchObject([{ object: OBJECT }]);
  putBack();
  const mended = await ledger.query(COUNT);
  expect(mended.rows).toEqual([[1]]);
  expect(mended).not.toHaveProperty('note');
});

test('one that is forgotten stands on none, and is in no table, also after the live store was lost and a rebuild', async () => {
  await ledger.settle();
  expect(await ledger.forgetObjects({ objects: [OBJECT], reason: 'sent again' })).toEqual([OBJECT]);
  expect(await ledger.query(COUNT)).not.toHaveProperty('note');
  putBack();
  await ledger.close();
  rmSync(join(dir, 'live.sqlite'));
  await open();
  expect(await ledger.query(COUNT)).toMatchObject({ rows: [[0]] });
  expect(await ledger.parkedObjects()).toEqual([]);
  expect(await ledger.rebuild({ verify: true })).toMatchObject({ objects: 0, identical: true, parked: [] });
  expect((await ledger.inspect()).raw).toMatchObject({ missing: [], changed: [], unrecorded: [] });
});

test('one that is tried again is taken in, or parked once more', async () => {
  await ledger.settle();
  expect(await ledger.retryObjects([OBJECT])).toMatchObject({ retried: [], parked: [{ object: OBJECT }] });
  putBack();
  expect(await ledger.retryObjects([OBJECT])).toEqual({ retried: [OBJECT], parked: [] });
  expect((await ledger.query(COUNT)).rows).toEqual([[1]]);
});
