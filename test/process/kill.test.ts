import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { afterEach, beforeEach, expect, test } from 'vitest';

const EVENTS = 100_000;
const EVENTS_PER_RECORD = 250;

let folder: string;
let server: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-kill-'));
});
afterEach(async () => {
  if (server.exitCode === null && server.signalCode === null) {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

async function serve(): Promise<string> {
  server = spawn(process.execPath, ['dist/runledger.mjs', 'serve', '--port', '0', '--data', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (!server.stdout) throw new Error('a piped process has an output');
  for await (const line of createInterface(server.stdout)) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url) return url;
  }
  throw new Error(`the ledger ended with ${server.exitCode}`);
}

test('kill -9 in the middle of 100,000 events loses none that was acknowledged', async () => {
  const client = new FirehoseClient({
    endpoint: await serve(),
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  const acknowledged: number[] = [];
  let next = 0;
  const ended = once(server, 'exit');
  const sender = async (): Promise<void> => {
    while (next < EVENTS) {
      const first = next;
      next += EVENTS_PER_RECORD;
      const lines = Array.from({ length: EVENTS_PER_RECORD }, (_, at) =>
        JSON.stringify({
          process_name: 'killed',
          run_id: `run-${first + at}`,
          event_type: 'RUN_END',
          status: 'SUCCESS',
        }),
      );
      try {
        const answer = await client.send(
          new PutRecordBatchCommand({
            DeliveryStreamName: 'runledger',
            Records: [{ Data: Buffer.from(lines.join('\n')) }],
          }),
        );
        if (answer.FailedPutCount === 0) acknowledged.push(first);
      } catch {
        return;
      }
      if (acknowledged.length * EVENTS_PER_RECORD >= EVENTS / 2) server.kill('SIGKILL');
    }
  };
  await Promise.all([sender(), sender(), sender(), sender()]);
  await ended;
  expect(acknowledged.length).toBeGreaterThanOrEqual(EVENTS / 2 / EVENTS_PER_RECORD);
  expect(acknowledged.length).toBeLessThan(EVENTS / EVENTS_PER_RECORD);

  const url = await serve();
  const query = async (sql: string) => {
    const answer = await fetch(`${url}/query`, {
      method: 'POST',
      body: JSON.stringify({ sql }),
      headers: { 'content-type': 'application/json' },
    });
    return ((await answer.json()) as { rows: string[][] }).rows;
  };
  const found = new Set((await query('select run_id from pipeline_logs')).map(([run]) => run));
  const lost = acknowledged.flatMap((first) =>
    Array.from({ length: EVENTS_PER_RECORD }, (_, at) => `run-${first + at}`).filter((run) => !found.has(run)),
  );
  expect(lost).toEqual([]);
  expect(await query('select count(*) from current_runs')).toEqual([[found.size]]);
  const summary = (await (await fetch(`${url}/api/summary`)).json()) as { runs: number };
  expect(summary.runs).toBe(found.size);
});
