import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Ingest, startIngest, workerOf } from '../../local/ingest.ts';
import { eventSinkContract } from '../contracts/event-sink.contract.ts';

const settingsOf = (root: string) => ({
  root,
  environment: 'local',
  zone: 'UTC',
  keepUserEmail: false,
  userSalt: 'a salt of this test',
  maskPatterns: [],
  fsync: false,
});

eventSinkContract('The worker of a laptop', async () => {
  const root = mkdtempSync(join(tmpdir(), 'runledger-ingest-'));
  let isBehind = false;
  const sink = startIngest(settingsOf(root), {
    onTold: () => undefined,
    onDied: () => undefined,
    isBehind: () => isBehind,
    troubles: { begin: () => undefined, end: () => undefined, list: () => [] },
  });
  return {
    sink,
    taken: async () => linesBelow(root),
    overload: () => {
      isBehind = true;
    },
    close: async () => {
      await sink.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
});

/** Accepted and rejected ones. Segments are plain files, also those that are still being written. */
function linesBelow(folder: string): number {
  let lines = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) lines += readFileSync(join(entry.parentPath, entry.name), 'utf8').split('\n').length - 1;
  return lines;
}

describe('when the worker dies', () => {
  const line = Buffer.from(JSON.stringify({ process_name: 'p', run_id: '1', event_type: 'RUN_START' }));
  let root: string;
  let ingest: Ingest;
  let workers: Worker[];
  let told: string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'runledger-ingest-'));
    workers = [];
    told = [];
    ingest = startIngest(settingsOf(root), {
      onTold: ({ kind }) => told.push(kind),
      onDied: () => told.push('died'),
      isBehind: () => false,
      troubles: {
        begin: (part) => told.push(`${part} begins`),
        end: () => undefined,
        list: () => [],
      },
      startWorker: (settings) => {
        const worker = workerOf(settings);
        workers.push(worker);
        return worker;
      },
    });
  });
  afterEach(async () => {
    await ingest.close();
    rmSync(root, { recursive: true, force: true });
  });

  test('what it had landed is sealed by the next one, which takes what is sent then', async () => {
    await ingest.send([line]);
    await ingest.sync();
    await workers[0]?.terminate();
    expect(await ingest.send([line])).toEqual({ received: 1, accepted: 1, rejected: 0 });
    await ingest.seal();
    expect(told).toEqual(['runs', 'died', 'ingest worker begins', 'sealed', 'runs', 'sealed']);
    expect(linesBelow(root)).toBe(2);
  });

  test('what is under way is refused, and a question that waits is answered by the next one', async () => {
    const sent = ingest.send([Buffer.from(`${line}\n`.repeat(20_000))]);
    const sealed = ingest.seal();
    await Promise.all([
      expect(sent).rejects.toThrow('the worker that lands events died, and another one is started; send it again'),
      workers[0]?.terminate(),
    ]);
    await sealed;
    expect(workers).toHaveLength(2);
  });
});

test('a worker that dies whatever it is given keeps nobody waiting, and is started again', async () => {
  const root = mkdtempSync(join(tmpdir(), 'runledger-ingest-'));
  let starts = 0;
  const begun: unknown[] = [];
  const ingest = startIngest(settingsOf(root), {
    onTold: () => undefined,
    onDied: () => undefined,
    isBehind: () => false,
    troubles: { begin: (_, error) => begun.push(error), end: () => undefined, list: () => [] },
    startWorker: (settings) => {
      starts += 1;
      return starts > 3 ? workerOf(settings) : new Worker('throw new Error("no memory")', { eval: true });
    },
  });
  await ingest.seal();
  expect(begun.map(String)).toContain('Error: no memory');
  await expect(ingest.send([Buffer.from('x')])).rejects.toThrow('send it again');
  while (starts < 4) await once(new Worker('', { eval: true }), 'exit');
  await ingest.sync();
  await ingest.close();
  rmSync(root, { recursive: true, force: true });
});
