import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Context } from '../src/context/context.ts';
import { nodeSurroundings } from '../src/context/surroundings.ts';
import { Ledger } from '../src/index.ts';
import { aTransport } from './a-ledger.ts';
import { aRuntime, nowhere, settled } from './a-runtime.ts';
import { vectors } from './vectors.ts';

interface ContextVector {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  /** Of the script. */
  readonly argv?: readonly string[];
  /** Below the folder above the program's, unless they begin at the root. */
  readonly files?: Readonly<Record<string, string>>;
  readonly found: object;
}

const told = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const CRON = { '/proc/7/stat': '7 (sh) S 6 0', '/proc/6/stat': '6 (cron) S 1 0' } as const;
const reading = (files: Readonly<Record<string, string>>) => (path: string) => files[path];

describe('where a run happens is found as in every client', () => {
  test.each(vectors<ContextVector>('context.json'))('$name', ({ env, argv = [], files = {}, found }) => {
    const placed = Object.entries(files).map(([path, text]) => [
      path.startsWith('/') ? path : join('/home', path),
      text,
    ]);
    const context = new Context(
      nowhere({
        env: () => env,
        argv: ['node', 'job.js', ...argv],
        folder: () => '/home/jobs',
        read: reading(Object.fromEntries(placed)),
      }),
    );

    expect(told(context.with({}))).toEqual(found);
  });
});

describe('a run', () => {
  const aRun = async (surroundings: Parameters<typeof nowhere>[0], options = {}) => {
    const transport = aTransport();
    const ledger = new Ledger({ transport, ...options }, aRuntime({ surroundings: surroundings ?? {} }));
    await ledger.run({ process_name: 'a', user: 'me', tags: { team: 'crm' } }, () => settled());
    return transport.events;
  };

  test('that cron started says so, and what its code says counts more than what is found', async () => {
    const [start] = await aRun({ account: () => 'root', parentId: 7, read: reading(CRON) });

    expect(start).toMatchObject({ user: 'me', tags: { platform: 'cron', team: 'crm' } });
  });

  test('of a program whose parent is called like cron with a blank is not of cron', async () => {
    const [start] = await aRun({ parentId: 7, read: reading({ '/proc/7/stat': '7 (a (cron) b) S 1 0' }) });

    expect(start?.tags).toEqual({ team: 'crm' });
  });

  test('says nothing that its code does not when it is told not to look', async () => {
    const [start] = await aRun({ parentId: 7, read: reading(CRON) }, { context: false });

    expect(start?.tags).toEqual({ team: 'crm' });
  });

  test('goes on when nothing can be looked at', async () => {
    const broken = () => {
      throw new Error('not allowed');
    };
    const events = await aRun({ env: broken, account: broken, read: broken, memoryBytes: broken });

    expect(events.map(({ event_type }) => event_type)).toEqual(['RUN_START', 'RUN_END']);
  });

  test('in a task of ECS learns at its end what its platform had to be asked for', async () => {
    const asked: string[] = [];
    const task = { Family: 'orders', Revision: '3', TaskARN: 'arn:aws:ecs:task/prod/0a1b', Cluster: 'prod' };
    const events = await aRun({
      env: () => ({ ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/1' }),
      ask: async (url) => {
        asked.push(url);
        return JSON.stringify(task);
      },
    });

    expect(asked).toEqual(['http://169.254.170.2/v4/1/task']);
    expect(events[0]).toMatchObject({ tags: { platform: 'ecs', team: 'crm' } });
    expect(events.at(-1)).toMatchObject({
      user: 'me',
      job_id: 'orders:3',
      task_id: '0a1b',
      cluster: { cluster_id: 'prod' },
      tags: { platform: 'ecs', team: 'crm' },
    });
  });

  test.each(['http://evil.example/', 'http://127.0.0.1:1/', ''])(
    'asks no address that is not of the machine itself: %j',
    async (ECS_CONTAINER_METADATA_URI_V4) => {
      const asked: string[] = [];
      await aRun({ env: () => ({ ECS_CONTAINER_METADATA_URI_V4 }), ask: async (url) => void asked.push(url) });

      expect(asked).toEqual([]);
    },
  );

  test('says with each beat how much memory it uses', async () => {
    const transport = aTransport();
    const runtime = aRuntime({ surroundings: { memoryBytes: () => 123_456_789 } });
    const ledger = new Ledger({ transport }, runtime);
    ledger.startRun({ process_name: 'a', heartbeat_interval_ms: 1_000 });
    runtime.advance(1_000);
    await ledger.flush();

    expect(transport.events[1]).toMatchObject({ event_type: 'HEARTBEAT', metrics: { memory_used_mb: 117.7 } });
  });
});

test('this process is looked at as it is', async () => {
  const found = new Context(nodeSurroundings);

  expect(found.memory().memory_used_mb).toBeGreaterThan(1);
  expect(found.with({})).toMatchObject({ user: expect.stringMatching(/./) });
  await expect(nodeSurroundings.ask('http://127.0.0.1:9/')).resolves.toBeUndefined();
});
