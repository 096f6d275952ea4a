import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateFunctionCommand, LambdaClient, type LambdaClientConfig } from '@aws-sdk/client-lambda';
import { expect } from 'vitest';
import { contentHash } from '../../../adapters/content-hash.ts';
import { openFunctions } from '../../../adapters/lambda/restarter.ts';
import { restarterContract } from '../../contracts/restarter.contract.ts';
import { fromFacts } from '../../service-models/platform-tests.ts';
import { answered, aReceiver } from '../webhook/receiver.ts';

/** Tells an address what it was called with. */
const HANDLER = `
import json, os, urllib.request

def handler(event, _context):
    urllib.request.urlopen(urllib.request.Request(os.environ["RECEIVER"], data=json.dumps(event).encode()))
`;

/** Invokes functions that really run, a new one for each sentence. */
export function lambdaContract(config: LambdaClientConfig, roleOf: () => Promise<string>): void {
  const client = new LambdaClient({ ...config, maxAttempts: 1 });
  restarterContract('functions of Lambda that run', async () => {
    const receiver = await aReceiver((response, tries, request) => answered(200)(response, tries, request));
    const FunctionName = `told-${randomUUID()}`;
    await client.send(
      new CreateFunctionCommand({
        ...{ FunctionName, Runtime: 'python3.13', Handler: 'index.handler', Code: { ZipFile: zipped(HANDLER) } },
        ...{ Role: await roleOf(), Environment: { Variables: { RECEIVER: receiver.url } } },
      }),
    );
    return {
      restarter: openFunctions({
        client,
        timeout: (ms) => AbortSignal.timeout(ms),
        pause: async () => undefined,
        stopWithinMs: 30_000,
        hash: contentHash,
      }),
      good: { lambda: { function: FunctionName, payload: { table: 'orders' } } },
      refusing: { lambda: { function: `${FunctionName}-gone` } },
      foreign: { command: { run: ['job'] } },
      received: async (count) => {
        await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(count);
        return receiver.received.map(({ body }) => fromFacts(body));
      },
      isRunning: async () => false,
    };
  }, [
    { reason: 'the emulator always answers', tests: ['says that nobody knows when no answer comes'] },
    {
      reason: 'Lambda gives no call that stops a run',
      tests: [
        'stops what it started, with all that this started, and confirms it',
        'stopping what has ended is no error',
      ],
    },
  ]);
}

function zipped(source: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-function-'));
  try {
    const file = join(folder, 'function.zip');
    const write = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w").writestr("index.py", sys.argv[2])';
    execFileSync('python3', ['-c', write, file, source]);
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
