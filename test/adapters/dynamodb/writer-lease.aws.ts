import { expect, test } from 'vitest';
import type { TableSettings } from '../../../adapters/dynamodb/access.ts';
import { openLiveStore } from '../../../adapters/dynamodb/live-store.ts';
import { openWriterLease } from '../../../adapters/dynamodb/writer-lease.ts';
import { writerLeaseContract } from '../../contracts/writer-lease.contract.ts';

const TTL_MS = 1_000;

/** What the lease of a writer does; `table` gives a new one each time. */
export function writerLeaseBehaviour(table: () => Promise<TableSettings>): void {
  writerLeaseContract('DynamoDB', async () => openWriterLease(await table()));

  test('DynamoDB counts fences from 1, for each name', async () => {
    const lease = openWriterLease(await table());
    expect(await lease.acquire('logs', 'a', 0, TTL_MS)).toEqual({ fence: 1 });
    expect(await lease.acquire('runs', 'b', 0, TTL_MS)).toEqual({ fence: 1 });
    expect(await lease.acquire('logs', 'b', TTL_MS, TTL_MS)).toEqual({ fence: 2 });
  });

  test('clearing the live store does not let a fence begin anew', async () => {
    const settings = await table();
    const lease = openWriterLease(settings);
    await lease.acquire('logs', 'a', 0, TTL_MS);
    await openLiveStore({ ...settings, clock: { now: () => '2025-11-03T12:00:00.000Z' } }).clear();
    expect(await lease.acquire('logs', 'b', TTL_MS, TTL_MS)).toEqual({ fence: 2 });
  });
}
