import type { Template } from 'aws-cdk-lib/assertions';
import { vi } from 'vitest';
import { sha256 } from '../../adapters/sha256.ts';
import { deployed } from '../../aws/deployed.ts';
import { report } from '../../aws/report.ts';
import { epochMsOf, instantOf } from '../../core/instant.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { handlerOf as aggregateOf } from '../../lambdas/aggregate-metrics.ts';
import { handlerOf as checkOf } from '../../lambdas/check-deadlines.ts';
import { handlerOf as compactOf } from '../../lambdas/compact-events.ts';
import { handlerOf as maintainOf } from '../../lambdas/maintain-tables.ts';
import { handlerOf as summarizeOf } from '../../lambdas/summarize-runs.ts';
import { handlerOf as trackOf } from '../../lambdas/track-runs.ts';
import { anEvent } from '../factories.ts';
import { aBus } from '../fakes/bus.ts';
import { judging } from '../fakes/judging.ts';
import { aLake } from '../fakes/lake.ts';
import { aStore } from '../fakes/object-store.ts';
import { aWriterLease } from '../fakes/writer-lease.ts';
import { aLiveStore } from '../lambdas/fakes.ts';
import { ledgerFunctions } from '../lib/a-stack.ts';
import { type Place, resolve } from '../lib/resolve.ts';
import { alarmsOf } from './alarms-of.ts';
import { type AlarmState, evaluate, isWatchedBy, type Measurement, rangeMs } from './evaluate.ts';

/** What people are told of an alarm, and when: the time of day. */
export type Told = readonly [time: string, alarm: string, state: AlarmState];

type FunctionName =
  | 'CheckDeadlines'
  | 'TrackRuns'
  | 'CompactEvents'
  | 'SummarizeRuns'
  | 'AggregateMetrics'
  | 'MaintainTables';

/** A deployed ledger whose time a test lets pass: the real handlers over fakes, and the alarms of its template. */
export interface SimulatedLedger {
  readonly live: LiveStore;
  /** What the query engine throws from now on, when it is asked. */
  engineFault: (() => Error) | undefined;
  /** Functions that their schedule does not call any more. */
  readonly stopped: Set<FunctionName>;
  /** Functions that fail whenever they are called. */
  readonly failing: Set<FunctionName>;
  /** Lands an object, which is tracked within the minute, if it is noticed. */
  land(name: string, notice?: 'unnoticed'): void;
  /** Goes on minute by minute until that time of the day, and returns what people were told meanwhile. */
  until(time: string, eachMinute?: (minute: number) => void): Promise<readonly Told[]>;
  now(): string;
}

const PLACE: Place = { partition: 'aws', region: 'eu-west-1', account: '123456789012', stackName: 'runledger-prod' };
const DAY = '2025-11-03';

/** Deploys the template at that time: its alarms have seen nothing yet. Dates are those of the simulation from then on. */
export function simulate(template: Template, time: string): SimulatedLedger {
  vi.useFakeTimers({ toFake: ['Date'], now: epochMsOf(`${DAY}T${time}:00.000Z`) });
  const clock = { now: () => instantOf(Date.now()) };
  const measured: Measurement[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      measured.push(...String(text).split('\n').flatMap(measurementsIn));
      return true;
    });
  }

  const live = aLiveStore(clock);
  const store = aStore();
  const bus = aBus();
  const lake = aLake(store);
  const engine: QueryEngine = {
    ...lake,
    query: async (query, values) => {
      const fault = simulated.engineFault?.();
      if (fault !== undefined) throw fault;
      return lake.query(query, values);
    },
  };
  const stage = { openEngine: () => engine, live, lease: aWriterLease(), bus, clock, report };
  const sink = { send: () => Promise.reject(new Error('nothing is sent')) };
  const retention = { logsDays: 400, summariesDays: 1095 };
  const watching = { ...judging(), store, live, bus, clock, report, beat: async () => undefined };
  const handlers: Readonly<Record<FunctionName, (event: never, context: never) => Promise<unknown>>> = {
    CheckDeadlines: deployed(() => watching, checkOf),
    TrackRuns: deployed(() => ({ ...watching, retryMessages: async () => undefined }), trackOf),
    CompactEvents: deployed(() => ({ ...stage, store, sink }), compactOf),
    SummarizeRuns: deployed(() => ({ ...stage, store }), summarizeOf),
    AggregateMetrics: deployed(() => stage, aggregateOf),
    MaintainTables: deployed(
      () => ({ ...stage, ...watching, sha256, keptFrom: async () => ({}), retention }),
      maintainOf,
    ),
  };
  const names = functionNames(template);
  let calls = 0;
  const call = async (name: FunctionName, event: object = {}): Promise<void> => {
    const FunctionName = names(name);
    const atMs = Date.now();
    const context = {
      awsRequestId: `request-${++calls}`,
      functionName: FunctionName,
      getRemainingTimeInMillis: () => 900_000,
    };
    const work = simulated.failing.has(name)
      ? Promise.reject(new Error('it fails'))
      : handlers[name](event as never, context as never);
    const errors = await work.then(
      () => 0,
      () => 1,
    );
    const count = (metric: string, value: number) =>
      measured.push({ namespace: 'AWS/Lambda', name: metric, dimensions: { FunctionName }, atMs, value });
    count('Invocations', 1);
    count('Errors', errors);
  };

  const landed: string[] = [];
  let published = 0;
  /** What the bus calls. */
  const handOn = async (): Promise<void> => {
    while (published < bus.published.length) {
      const type = bus.published[published++]?.type;
      if (type === 'Events Compacted') await call('SummarizeRuns');
      if (type === 'Runs Summarized' || type === 'Runs Silent') await call('AggregateMetrics');
    }
  };
  const schedule: readonly (readonly [FunctionName, (minute: number) => boolean])[] = [
    ['CheckDeadlines', () => true],
    ['CompactEvents', (minute) => minute % 15 === 0],
    ['SummarizeRuns', (minute) => minute % 15 === 0],
    ['AggregateMetrics', (minute) => minute % 15 === 0],
    ['MaintainTables', (minute) => minute === 3 * 60 + 10],
  ];
  const alarms = alarmsOf(template, PLACE);
  const states = new Map<string, AlarmState>();
  /** What each alarm still looks at. */
  const seen = new Map<string, readonly Measurement[]>();
  const tell = (): readonly Told[] => {
    const fresh = measured.splice(0);
    return alarms.flatMap(({ name, rule, tells }): Told[] => {
      const inRange = [...(seen.get(name) ?? []), ...fresh.filter((each) => isWatchedBy(rule, each))].filter(
        ({ atMs }) => atMs > Date.now() - rangeMs(rule),
      );
      seen.set(name, inRange);
      const before = states.get(name) ?? 'INSUFFICIENT_DATA';
      const state = evaluate(rule, inRange, Date.now(), before);
      states.set(name, state);
      return state !== before && tells[state] ? [[clock.now().slice(11, 16), name, state]] : [];
    });
  };

  const simulated: SimulatedLedger = {
    live,
    engineFault: undefined,
    stopped: new Set(),
    failing: new Set(),
    now: clock.now,
    land: (name, notice) => {
      const key = `raw/dt=${clock.now().slice(0, 10)}/hh=${clock.now().slice(11, 13)}/${name}`;
      store.objects.set(key, `${JSON.stringify(anEvent({ run_id: name, event_time: clock.now() }))}\n`);
      if (notice === undefined) landed.push(key);
    },
    until: async (untilTime, eachMinute = () => undefined) => {
      const told: Told[] = [];
      while (clock.now().slice(11, 16) !== untilTime) {
        vi.setSystemTime(Date.now() + 60_000);
        const minute = (Date.now() / 60_000) % 1440;
        eachMinute(minute);
        for (const key of landed.splice(0)) await call('TrackRuns', notificationOf(key));
        for (const [name, isDue] of schedule) if (isDue(minute) && !simulated.stopped.has(name)) await call(name);
        await handOn();
        told.push(...tell());
      }
      return told;
    },
  };
  tell();
  return simulated;
}

/** What CloudFormation named the functions. */
function functionNames(template: Template): (name: FunctionName) => string {
  const functions = ledgerFunctions(template);
  const resolved = resolve(template, PLACE);
  const alarmed = Object.values(resolved).flatMap(({ Type, Properties }) =>
    Type === 'AWS::CloudWatch::Alarm' ? JSON.stringify(Properties) : [],
  );
  return (name) => {
    const [logical] = Object.keys(functions).filter((each) => each.endsWith(name));
    const found = new RegExp(`"(runledger-prod-${logical}[^"]*)"`).exec(alarmed.join('\n'))?.[1];
    if (found === undefined) throw new Error(`expected an alarm over ${name}, found none`);
    return found;
  };
}

interface EmbeddedMetrics {
  readonly _aws?: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

/** The metrics in a line of a function's log (CloudWatch: embedded metric format). */
function measurementsIn(line: string): readonly Measurement[] {
  if (!line.startsWith('{') || !line.includes('"_aws"')) return [];
  const said = JSON.parse(line) as EmbeddedMetrics;
  return (said._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.map(({ Name }) => ({
      namespace: Namespace,
      name: Name,
      dimensions: Object.fromEntries((Dimensions[0] ?? []).map((each) => [each, String(said[each])])),
      atMs: said._aws?.Timestamp ?? 0,
      value: Number(said[Name]),
    })),
  );
}

const notificationOf = (key: string) => ({
  Records: [
    {
      messageId: key,
      receiptHandle: key,
      attributes: { ApproximateReceiveCount: '1' },
      body: JSON.stringify({
        Records: [
          {
            eventName: 'ObjectCreated:Put',
            s3: { bucket: { name: 'lake' }, object: { key: encodeURIComponent(key), size: 9 } },
          },
        ],
      }),
    },
  ],
});
