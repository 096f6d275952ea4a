import type { Context } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { deployed } from '../../aws/deployed.ts';
import { report } from '../../aws/report.ts';

const event = { id: 'event-1' };
const context = (remainingMs = 60_000) =>
  ({
    functionName: 'check-deadlines',
    awsRequestId: 'request-1',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:check-deadlines',
    memoryLimitInMB: '512',
    getRemainingTimeInMillis: () => remainingMs,
  }) as Context;

let written: string;
beforeEach(() => {
  written = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      written += text;
      return true;
    });
  }
});
afterEach(() => vi.restoreAllMocks());

/** Every line of the function's log. */
const lines = () =>
  written
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const logged = () => lines().filter((line) => 'message' in line);
const measured = () => lines().filter((line) => '_aws' in line);

test('a handler is given its ports, the event and the context, and its answer is the function’s', async () => {
  const handler = deployed(
    () => 'the ports',
    (ports) =>
      async (given: unknown, { awsRequestId }) => ({ ports, given, awsRequestId }),
  );
  expect(await handler(event, context())).toEqual({ ports: 'the ports', given: event, awsRequestId: 'request-1' });
  expect(lines()).toEqual([]);
});

test('each line of a call has the ids by which the function and its caller know it, and no other call’s', async () => {
  const handler = deployed(
    () => undefined,
    () => async () => report('checked', { published: 1 }),
  );
  await handler(event, context());
  await handler({}, context());
  const [first, second] = logged();
  expect(first).toMatchObject({
    message: 'checked',
    published: 1,
    correlation_id: 'event-1',
    function_request_id: 'request-1',
    function_name: 'check-deadlines',
  });
  expect(second).not.toHaveProperty('correlation_id');
});

describe('a flow that fails', () => {
  const failing = deployed(
    () => undefined,
    () => async () => {
      report('compacted', { objects: 2, parked_objects: 1 });
      throw new Error('Athena is away', { cause: new Error('connect ECONNREFUSED') });
    },
  );

  test('fails the function with its own error', async () => {
    await expect(failing(event, context())).rejects.toThrow('Athena is away');
  });

  test('still flushes its metrics', async () => {
    await failing(event, context()).catch(() => undefined);
    expect(measured()).toMatchObject([{ parked_objects: 1 }]);
  });

  test('is logged once, with its cause', async () => {
    await failing(event, context()).catch(() => undefined);
    expect(logged().filter(({ level }) => level === 'ERROR')).toMatchObject([
      {
        error: { message: 'Athena is away', cause: { message: 'connect ECONNREFUSED' } },
        correlation_id: 'event-1',
      },
    ]);
  });

  test('does not leave its metrics to the next call', async () => {
    await failing(event, context()).catch(() => undefined);
    written = '';
    const next = deployed(
      () => undefined,
      () => async () => report('compacted', { objects: 0 }),
    );
    await next(event, context());
    expect(measured()).toEqual([]);
  });
});

test('a count that is watched is measured when it is zero, too: a zero is not the same as nothing', async () => {
  const handler = deployed(
    () => undefined,
    () => async () => report('checked', { compaction_lag_seconds: 0, parked_objects: 0, published: 0 }),
  );
  await handler(event, context());
  expect(measured()).toMatchObject([{ compaction_lag_seconds: 0, parked_objects: 0 }]);
  expect(measured()[0]).not.toHaveProperty('published');
});

test('a call that is nearly out of time fails before Lambda ends it, and flushes its metrics', async () => {
  const handler = deployed(
    () => undefined,
    () => async () => {
      report('compacted', { parked_objects: 1 });
      await new Promise(() => undefined);
    },
  );
  await expect(handler(event, context(1_000))).rejects.toThrow('one second is left');
  expect(measured()).toMatchObject([{ parked_objects: 1 }]);
  expect(logged().at(-1)).toMatchObject({ level: 'ERROR', error: { message: expect.stringContaining('in its time') } });
});

describe('the ports', () => {
  test('are opened once, before the first call, and kept', async () => {
    const open = vi.fn(() => 'the ports');
    const handler = deployed(open, (ports) => async () => ports);
    expect(open).toHaveBeenCalledTimes(1);
    await handler(event, context());
    await handler(event, context());
    expect(open).toHaveBeenCalledTimes(1);
  });

  test('that cannot be opened fail each call, until they can', async () => {
    const open = vi.fn(async () => {
      if (open.mock.calls.length <= 3) throw new Error('the salt is away');
      return 'the ports';
    });
    const handler = deployed(open, (ports) => async () => ports);
    await expect(handler(event, context())).rejects.toThrow('the salt is away');
    await expect(handler(event, context())).rejects.toThrow('the salt is away');
    expect(await handler(event, context())).toBe('the ports');
    expect(logged()).toHaveLength(2);
  });
});
