import { expect, test } from 'vitest';
import { handlerOf as aggregateOf } from '../../lambdas/aggregate-metrics.ts';
import { handlerOf as compactOf } from '../../lambdas/compact-events.ts';
import { handlerOf as summarizeOf } from '../../lambdas/summarize-runs.ts';
import { handlerOf as trackOf } from '../../lambdas/track-runs.ts';
import { anEvent } from '../factories.ts';
import { aBus } from '../fakes/bus.ts';
import { everyFault, type Fault, faultsOf } from '../fakes/faulty.ts';
import { judging } from '../fakes/judging.ts';
import { aLake } from '../fakes/lake.ts';
import { aStore } from '../fakes/object-store.ts';
import { aWriterLease } from '../fakes/writer-lease.ts';
import { aLiveStore, aReport } from './fakes.ts';

const key = (name: string) => `raw/dt=2025-11-03/hh=12/${name}`;
const notified = (...names: readonly string[]) => ({
  Records: names.map((name) => ({
    messageId: name,
    receiptHandle: `receipt of ${name}`,
    attributes: { ApproximateReceiveCount: '1' },
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

const start = anEvent({ run_id: 'good' });
const end = anEvent({
  run_id: 'good',
  event_type: 'RUN_END',
  status: 'SUCCESS',
  event_time: '2025-11-03T12:05:00.000Z',
});
const failed = anEvent({
  run_id: 'bad',
  event_type: 'RUN_END',
  status: 'FAILED',
  event_time: '2025-11-03T12:06:00.000Z',
});
const EVENTS = [start, end, failed];

/** Two objects go through every function, the messages come back until they are taken, and the ticks go on. */
async function scenario(fault?: Fault) {
  const faults = faultsOf(fault);
  const files = aStore();
  files.objects.set(key('one'), `${[start, failed].map((event) => JSON.stringify(event)).join('\n')}\n`);
  files.objects.set(key('two'), `${[end, start].map((event) => JSON.stringify(event)).join('\n')}\n`);
  const memory = aLiveStore();
  const lake = aLake(files);
  const published = aBus();
  const store = faults.wrap('store', files);
  const live = faults.wrap('live', memory);
  const engine = faults.wrap('engine', lake);
  const bus = faults.wrap('bus', published);
  const lease = faults.wrap('lease', aWriterLease());
  const { incidents, watches } = judging();
  const judge = { incidents: faults.wrap('incidents', incidents), watches: faults.wrap('watches', watches) };
  let now = Date.parse('2025-11-03T12:10:00.000Z');
  const clock = { now: () => new Date(now).toISOString() };
  const report = aReport();
  const stage = { openEngine: () => engine, live, lease, bus, clock, report };
  const sink = { send: () => Promise.reject(new Error('nothing is sent')) };
  const track = trackOf({ ...judge, store, live, bus, clock, report, retryMessages: async () => undefined });
  const stages = [compactOf({ ...stage, store, sink }), summarizeOf({ ...stage, store }), aggregateOf(stage)];
  let waiting: readonly string[] = ['one', 'two'];
  let request = 0;
  const tick = async (): Promise<void> => {
    const answer = await track(notified(...waiting)).catch(() => undefined);
    if (answer !== undefined) waiting = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    for (const each of stages) {
      const invocation = { awsRequestId: `request-${++request}`, getRemainingTimeInMillis: () => 900_000 };
      await each({}, invocation).catch(() => undefined);
    }
    // Longer than any lease that nobody gave back.
    now += 20 * 60_000;
  };
  await tick();
  faults.heal();
  for (let ticks = 0; ticks < 3; ticks++) await tick();
  const runs = await memory.listRuns({ limit: 9 });
  const { objects, parked, due_days } = await memory.summary();
  await memory.close();
  return {
    faults,
    lake,
    waiting,
    runs,
    objects,
    parked,
    due_days,
    opened: await incidents.listIncidents({ limit: 9 }),
  };
}

function expectAll({ lake, waiting, runs, objects, parked, due_days, opened }: Awaited<ReturnType<typeof scenario>>) {
  expect(waiting).toEqual([]);
  expect([...lake.log].sort()).toEqual(EVENTS.map(({ event_key }) => event_key).sort());
  expect([...lake.summarized].sort()).toEqual(['bad', 'good']);
  expect([...lake.aggregated]).toEqual(['2025-11-03']);
  expect(runs.map(({ run_id }) => run_id).sort()).toEqual(['bad', 'good']);
  expect(Object.keys(runs.find(({ run_id }) => run_id === 'good')?.opened?.work.statuses ?? {}).sort()).toEqual([
    'SUCCESS',
  ]);
  expect({ parked, due_days }).toEqual({ parked: [], due_days: 0 });
  expect(objects).toEqual({ recorded: 0, tracked: 0, compacted: 0, summarized: 2, parked: 0, forgotten: 0 });
  expect(opened).toMatchObject([{ slot: 'run bad', changes: 1 }]);
}

test('each call of each port may fail, at once, half way or late: afterwards all is in every answer, once', async () => {
  const whole = await scenario();
  expectAll(whole);
  const faults = everyFault(whole.faults.calls);
  expect(faults.length).toBeGreaterThan(100);
  for (const fault of faults) {
    const outcome = await scenario(fault);
    expect({ fault, happened: outcome.faults.happened() }).toEqual({ fault, happened: true });
    try {
      expectAll(outcome);
    } catch (error) {
      throw new Error(`after ${JSON.stringify(fault)}`, { cause: error });
    }
  }
}, 180_000);
