import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, expect, inject, test } from 'vitest';
import { documentClient } from '../../adapters/dynamodb/access.ts';
import { openLiveStore } from '../../adapters/dynamodb/live-store.ts';
import { createTableInput } from '../../adapters/dynamodb/table.ts';
import type { Event } from '../../core/schema/event.ts';
import { track } from '../contracts/live-store/runs.ts';
import { installProducers } from './producers.ts';

/** The live lane writes, and the clients read with the SDK of their language: `docs/watermarks.md` is what they agree on. */

const endpoint = inject('awsUrl');
const client = documentClient({
  ...{ region: 'us-east-1', endpoint },
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
const table = `watermarks-${randomUUID()}`;
const LONG = 'ö'.repeat(1_100);

const success = (process_name: string, environment: string, until: string): Partial<Event> => ({
  ...{ process_name, environment, run_id: `run-${until}`, event_key: `${process_name}-${environment}-${until}` },
  ...{ event_type: 'RUN_END', status: 'SUCCESS', event_time: `${until}T01:00:00.000Z` },
  data_interval_end: `${until}T00:00:00.000Z`,
});

beforeAll(async () => {
  await client.send(new CreateTableCommand(createTableInput(table)));
  const store = openLiveStore({ client, table, clock: { now: () => '2025-11-09T00:00:00.000Z' } });
  await track(
    store,
    ...['2025-11-02', '2025-11-04', '2025-11-03'].map((until) => success('orders', 'prod', until)),
    success('orders', 'dev', '2025-11-05'),
    success(LONG, 'prod', '2025-11-06'),
    { ...success('broken', 'prod', '2025-11-06'), status: 'FAILED' },
  );
});

const PYTHON = `
import os, sys, runledger
name, environment = sys.argv[1], sys.argv[2] or None
reached = runledger.watermark(name, environment)
print(reached.data_until and reached.data_until.isoformat(), reached.last_success_at and reached.last_success_at.isoformat(), reached.last_success_run_id)
`;

async function byPython(name: string, environment = ''): Promise<string> {
  const env = {
    ...{ PATH: process.env.PATH ?? '', PYTHONPATH: resolve('clients', 'python', 'src'), PYTHONDONTWRITEBYTECODE: '1' },
    ...{ RUNLEDGER_LIVE_TABLE: table, AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_DEFAULT_REGION: 'us-east-1' },
    ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
  };
  const { stdout } = await promisify(execFile)(join(installProducers(), 'python'), ['-c', PYTHON, name, environment], {
    env,
  });
  return stdout.trim();
}

const reached = (day: string): string => `${day}T00:00:00+00:00 ${day}T01:00:00+00:00 run-${day}`;

test.for([
  { of: 'an environment', name: 'orders', environment: 'prod', told: reached('2025-11-04') },
  { of: 'another environment', name: 'orders', environment: 'dev', told: reached('2025-11-05') },
  { of: 'no environment', name: 'orders', environment: '', told: reached('2025-11-05') },
  { of: 'a name too long for a key', name: LONG, environment: 'prod', told: reached('2025-11-06') },
  { of: 'a pipeline that only failed', name: 'broken', environment: 'prod', told: 'None None None' },
  { of: 'a pipeline that never ran', name: 'never', environment: '', told: 'None None None' },
])('the Python client reads the watermark of $of', async ({ name, environment, told }) => {
  expect(await byPython(name, environment)).toBe(told);
});
