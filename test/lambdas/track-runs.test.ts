import { beforeEach, describe, expect, test } from 'vitest';
import { plainContent } from '../../adapters/s3/plain-content.ts';
import type { ReceivedMessage } from '../../adapters/sqs/retry-messages.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { Event } from '../../core/schema/event.ts';
import { handlerOf } from '../../lambdas/track-runs.ts';
import { anEvent } from '../factories.ts';
import { aBus } from '../fakes/bus.ts';
import { aClock } from '../fakes/clock.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';
import { aLiveStore, aReport } from './fakes.ts';

let ports: ReturnType<typeof judging>;
let store: ReturnType<typeof aStore>;
let live: LiveStore;
let bus: ReturnType<typeof aBus>;
let report: ReturnType<typeof aReport>;
let track: ReturnType<typeof handlerOf>;
let retried: ReceivedMessage[];
let isQueueAway: boolean;

beforeEach(() => {
  store = aStore();
  live = aLiveStore();
  bus = aBus();
  report = aReport();
  ports = judging();
  retried = [];
  isQueueAway = false;
  tries = '1';
  track = handlerOf({
    store,
    live,
    bus,
    ...ports,
    clock: aClock('2025-11-03T12:10:00.000Z'),
    report,
    retryMessages: async (messages) => {
      if (isQueueAway) throw new Error('the queue is away');
      retried.push(...messages);
    },
  });
});

const key = (name: string) => `raw/dt=2025-11-03/hh=12/${name}`;
const land = (name: string, ...events: readonly Event[]) =>
  store.objects.set(key(name), `${events.map((event) => JSON.stringify(event)).join('\n')}\n`);
/** Tries of the next messages, as SQS counts them. */
let tries: string;
const told = (...names: readonly string[]) => ({
  Records: names.map((name) => ({
    messageId: `message-${name}`,
    receiptHandle: `receipt of ${name}`,
    attributes: { ApproximateReceiveCount: tries },
    body: JSON.stringify({
      Records: [
        {
          eventName: 'ObjectCreated:Put',
          s3: { bucket: { name: 'lake' }, object: { key: encodeURIComponent(key(name)), size: 9 } },
        },
      ],
    }),
  })),
});
const failed = anEvent({ event_type: 'RUN_END', status: 'FAILED', event_time: '2025-11-03T12:05:00.000Z' });

test('a landed object is recorded, its runs are merged, and it is marked tracked', async () => {
  land('a', anEvent({ run_id: 'one' }), anEvent({ run_id: 'two' }));
  expect(await track(told('a'))).toEqual({ batchItemFailures: [] });
  expect((await live.listRuns({ limit: 9 })).map(({ run_id }) => run_id).sort()).toEqual(['one', 'two']);
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: key('a'), event_dates: ['2025-11-03'] }]);
  expect(report.lines).toMatchObject([
    { counts: { messages: 1, tracked: 1, failed: 0, objects: 1, events: 2, runs: 2 } },
  ]);
});

test('a message that fails stays in the queue, and the others do not wait for it', async () => {
  land('b', anEvent());
  store.refused.add(key('away'));
  const batch = told('away', 'b');
  batch.Records.push({
    messageId: 'message-odd',
    receiptHandle: 'receipt of odd',
    attributes: { ApproximateReceiveCount: '1' },
    body: 'no notification',
  });
  expect(await track(batch)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'message-away' }, { itemIdentifier: 'message-odd' }],
  });
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: key('b') }]);
  expect(report.lines).toMatchObject([{ counts: { messages: 3, tracked: 1, failed: 2 } }]);
  expect(String(report.lines[0]?.errors[1])).toContain('Expected a notification of S3');
});

test('an object that cannot be read yet is recorded already: it is known that it is missing', async () => {
  store.refused.add(key('away'));
  await track(told('away'));
  expect(await live.objectsAt('recorded', {})).toMatchObject([{ object: key('away') }]);
});

test('an object that was removed is parked rather than tried for ever, and tracked once it is put back', async () => {
  expect(await track(told('removed'))).toEqual({ batchItemFailures: [] });
  expect((await live.summary()).parked).toMatchObject([{ object: key('removed') }]);
  land('removed', anEvent());
  await track(told('removed'));
  expect((await live.summary()).parked).toEqual([]);
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: key('removed') }]);
});

test('an event that no rule can merge is told, and costs no other run of its object', async () => {
  const forged = anEvent({ run_id: 'forged', lease_ms: Number.MAX_SAFE_INTEGER });
  land('odd', forged, anEvent({ run_id: 'sound' }));
  expect(await track(told('odd'))).toEqual({ batchItemFailures: [] });
  expect((await live.listRuns({ limit: 9 })).map(({ run_id }) => run_id)).toEqual(['sound']);
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: key('odd') }]);
  expect(String(report.lines[0]?.errors[0])).toContain('live run forged of customer_daily');
});

test('a damaged object is parked with the reason, and is not tried for ever', async () => {
  const damage = await plainContent(Uint8Array.of(0x1f, 0x8b, 8, 0), 'it', 99).catch((error: Error) => error);
  land('damaged');
  store.get = async () => Promise.reject(damage);
  expect(await track(told('damaged'))).toEqual({ batchItemFailures: [] });
  const { parked } = await live.summary();
  expect(parked).toEqual([{ object: key('damaged'), why: expect.stringContaining('to be whole gzip') }]);
  expect(report.lines).toMatchObject([{ counts: { parked: 1 } }]);
});

describe('a failed run', () => {
  test('asks once for it to be told, however often its object is told of', async () => {
    land('a', failed);
    await track(told('a'));
    await track(told('a'));
    land('b', anEvent({ event_type: 'HEARTBEAT', event_time: '2025-11-03T12:06:00.000Z' }));
    await track(told('b'));
    expect(bus.published.map(({ type }) => type)).toEqual(['Notices Waiting']);
  });

  test('is judged when the message comes again, though the try before had merged it', async () => {
    land('a', failed);
    const { listIncidents } = ports.incidents;
    ports.incidents.listIncidents = async () => {
      throw new Error('the table is away');
    };
    expect((await track(told('a'))).batchItemFailures).toHaveLength(1);
    ports.incidents.listIncidents = listIncidents;
    tries = '2';
    await track(told('a'));
    expect(bus.published.map(({ type }) => type)).toEqual(['Notices Waiting']);
  });

  test('of the day before yesterday, or of a backfill, is not', async () => {
    const long = '2025-11-01T12:00:00.000Z';
    land('a', { ...failed, run_id: 'old', event_time: long, end_time: long, event_date: '2025-11-01' });
    land('b', { ...failed, run_id: 'backfill', run_mode: 'backfill' });
    await track(told('a', 'b'));
    expect(bus.published).toEqual([]);
  });
});

test('an open run with an SLA is looked at again one millisecond after it', async () => {
  land('a', anEvent({ start_time: '2025-11-03T12:00:00.000Z', sla: { expected_max_duration_ms: 1_800_000 } }));
  await track(told('a'));
  expect(await live.dueRuns('2025-11-03T12:30:00.000Z', 9)).toEqual([]);
  expect(await live.dueRuns('2025-11-03T12:30:00.001Z', 9)).toMatchObject([{ run_id: 'run-1' }]);
});

describe('a message that failed', () => {
  beforeEach(() => {
    land('good', anEvent({}));
    store.objects.set(key('bad'), '');
    const { get } = store;
    store.get = async (object) => {
      if (object === key('bad')) throw new Error('the bucket is away');
      return get(object);
    };
  });

  test('comes again within half a minute, and those beside it do not', async () => {
    expect(await track(told('good', 'bad'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-bad' }] });
    expect(retried).toEqual([{ receiptHandle: 'receipt of bad', delaySeconds: 20 }]);
  });

  test('comes less often each time, and for most of an hour', async () => {
    for (tries of ['1', '2', '3', '4', '5', '6', '7']) await track(told('bad'));
    const delays = retried.map(({ delaySeconds }) => delaySeconds);
    expect(delays).toEqual([20, 60, 180, 540, 720, 720, 720]);
    expect(delays.reduce((all, each) => all + each)).toBeGreaterThan(45 * 60);
  });

  test('comes when its time in the queue is over where SQS cannot be asked, which is said', async () => {
    isQueueAway = true;
    expect(await track(told('bad'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-bad' }] });
    expect(report.lines[0]?.errors).toMatchObject([
      { message: 'the bucket is away' },
      { message: 'the queue is away' },
    ]);
  });
});
