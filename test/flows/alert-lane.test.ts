import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { Told } from '../../core/alert/as-of.ts';
import { type Instant, instantOf } from '../../core/instant.ts';
import { expectationsOf } from '../../core/pipelines/expectations.ts';
import { readFile } from '../../core/pipelines/read-file.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { changedRuns, evaluateChanged, evaluateDue, evaluatePipelines } from '../../flows/evaluate-touched.ts';
import { sendNotices } from '../../flows/send-notices.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';
import { everyFault, type Faults, faultsOf } from '../fakes/faulty.ts';
import { fakeIncidentStore } from '../fakes/incident-store.ts';
import { aNotificationLog } from '../fakes/notification-log.ts';
import { aStore } from '../fakes/object-store.ts';
import { fakePipelineWatches } from '../fakes/pipeline-watches.ts';
import { alertWorld } from './alert-world.ts';

const start = (run_id: string, at: Instant, more: Partial<Event> = {}) =>
  ({ run_id, process_name: 'orders', event_type: 'RUN_START', event_time: at, start_time: at, ...more }) as const;
const end = (run_id: string, at: Instant, status: 'SUCCESS' | 'FAILED', more: Partial<Event> = {}) =>
  ({ run_id, process_name: 'orders', event_type: 'RUN_END', status, event_time: at, end_time: at, ...more }) as const;
const daily = (cron: string, timezone: string, more = '') =>
  `version: 1\npipelines: { orders: { schedule: { cron: "${cron}", timezone: ${timezone}, start_grace: 10m${more} } } }\n`;

/** What is told of a pipeline that never runs, from one moment to another. */
async function missedOf(file: string, from: Instant, until: Instant) {
  const world = alertWorld(file, from);
  await world.watch('orders');
  await world.until(until);
  return world.told.map((line) => line.replace(/ NOT_STARTED$/, '').replace(/^.* opened P2 /, ''));
}

describe('a slot that nothing fills is told once, on days when clocks are set', () => {
  test.each([
    ['Europe/Stockholm', '30 2 * * *', '2025-03-29', '2025-03-31', ['03-29T01:30', '03-30T01:00', '03-31T00:30']],
    ['Europe/Stockholm', '30 2 * * *', '2025-10-25', '2025-10-27', ['10-25T00:30', '10-26T00:30', '10-27T01:30']],
    ['America/New_York', '30 2 * * *', '2025-03-08', '2025-03-10', ['03-08T07:30', '03-09T07:00', '03-10T06:30']],
    ['America/New_York', '30 1 * * *', '2025-11-01', '2025-11-03', ['11-01T05:30', '11-02T05:30', '11-03T06:30']],
    ['Australia/Sydney', '30 2 * * *', '2025-10-04', '2025-10-06', ['10-03T16:30', '10-04T16:00', '10-05T15:30']],
    ['Australia/Sydney', '30 2 * * *', '2025-04-05', '2025-04-07', ['04-04T15:30', '04-05T15:30', '04-06T16:30']],
    // A zone that had summer time, until 2019.
    ['America/Sao_Paulo', '30 0 * * *', '2025-11-01', '2025-11-03', ['11-01T03:30', '11-02T03:30', '11-03T03:30']],
  ])('%s, %s, from %s to %s', async (zone, cron, first, last, expected) => {
    const from = instantOf(Date.parse(`${first}T00:00:00Z`) - 12 * 3_600_000);
    const told = await missedOf(daily(cron, zone), from, `${last}T12:00:00.000Z`);
    expect(told.filter((slot) => expected.includes(slot))).toEqual(expected);
    expect(new Set(told).size).toBe(told.length);
  });

  test('and a run that starts on time then, by its own clock, fills it', async () => {
    const world = alertWorld(daily('30 2 * * *', 'Europe/Stockholm'), '2025-03-29T12:00:00.000Z');
    await world.watch('orders');
    await world.send(start('a', '2025-03-30T01:01:00.000Z'));
    await world.send(end('a', '2025-03-30T01:50:00.000Z', 'SUCCESS'));
    await world.until('2025-03-30T12:00:00.000Z');
    expect(world.told).toEqual([]);
  });
});

describe('days that are odd', () => {
  test('a slot at half past eleven at night is filled by a run after midnight', async () => {
    const world = alertWorld(
      daily('30 23 * * *', 'UTC', ', start_grace: 45m').replace('start_grace: 10m, ', ''),
      '2025-11-03T12:00:00.000Z',
    );
    await world.watch('orders');
    await world.send(start('a', '2025-11-04T00:10:00.000Z'));
    await world.send(end('a', '2025-11-04T00:20:00.000Z', 'SUCCESS'));
    await world.until('2025-11-04T12:00:00.000Z');
    expect(world.told).toEqual([]);
  });

  test('and is told of under its own date when none comes', async () => {
    expect(await missedOf(daily('30 23 * * *', 'UTC'), '2025-11-03T12:00:00.000Z', '2025-11-04T12:00:00.000Z')).toEqual(
      ['11-03T23:30'],
    );
  });

  test('the last day of each month, a leap day among them', async () => {
    const file = `version: 1
calendars: { month_end: { last_of_month: true } }
pipelines: { orders: { schedule: { cron: "0 2 * * *", calendar: month_end } } }
`;
    expect(await missedOf(file, '2028-01-15T00:00:00.000Z', '2028-04-15T00:00:00.000Z')).toEqual([
      '01-31T02:00',
      '02-29T02:00',
      '03-31T02:00',
    ]);
  });

  test('a holiday, and the days off around it, are no slots', async () => {
    const file = `version: 1
calendars: { working: { weekdays: [mon, tue, wed, thu, fri], except: [2025-12-25, 2025-12-26] } }
pipelines: { orders: { schedule: { cron: "0 2 * * *", calendar: working } } }
`;
    expect(await missedOf(file, '2025-12-24T00:00:00.000Z', '2025-12-30T12:00:00.000Z')).toEqual([
      '12-24T02:00',
      '12-29T02:00',
      '12-30T02:00',
    ]);
  });
});

const DAILY = daily('0 2 * * *', 'UTC');
const at = (time: string) => `2025-11-03T${time}:00.000Z`;
function expectationsIn(text: string) {
  const { file } = readFile(text);
  if (file === undefined) throw new Error(text);
  return expectationsOf(file, () => []);
}

/** The lane from a merged run to a message, on ports that may fail. */
function aLane(faults: Faults) {
  const store = { live: openLiveStore(':memory:'), incidents: fakeIncidentStore(), watches: fakePipelineWatches() };
  const ports = {
    live: faults.wrap('live', store.live),
    incidents: faults.wrap('incidents', store.incidents),
    watches: faults.wrap('watches', store.watches),
    expectations: expectationsIn(DAILY),
  };
  const messages: string[] = [];
  let now = at('02:00');
  const sending = {
    ...ports,
    ...{ notificationLog: faults.wrap('log', aNotificationLog()), store: faults.wrap('store', aStore()) },
    ...{
      clock: { now: () => now },
      hash: (text: string) => Buffer.from(text).toString('hex').slice(0, 32),
      routesOf: () => ['ops'],
    },
    ...faults.wrap('channel', {
      send: async (channel: string, told: readonly Told[]) => {
        messages.push(...told.map(({ change }) => change.kind));
        return { channel, delivered: true as const, message_id: 'm' };
      },
    }),
  };
  const orders = [{ environment: 'prod', process_name: 'orders' }];
  /** What a caller does: a pipeline that could not be judged is judged again, and the clock goes on. */
  async function again(moment: Instant): Promise<void> {
    now = moment;
    await evaluatePipelines(ports, orders, now);
    await evaluateDue(ports, now);
    await sendNotices(sending);
  }
  return {
    messages,
    incidents: store.incidents,
    again,
    async run() {
      const { transitions } = await trackRuns(
        store.live,
        foldRuns([anEvent(start('a', at('02:00'))), anEvent(end('a', at('02:20'), 'FAILED'))]),
      );
      now = at('02:20');
      const { failures } = await evaluateChanged(ports, changedRuns(transitions), now);
      if (failures[0] !== undefined) throw failures[0];
      await sendNotices(sending);
    },
  };
}

test('an evaluator or a sender that dies at any of its calls loses no notice, and tells one twice only while sending', async () => {
  const counted = faultsOf();
  await aLane(counted).run();
  const all = everyFault(counted.calls);
  expect(all.length).toBeGreaterThan(30);
  for (const fault of all) {
    const faults = faultsOf(fault);
    const lane = aLane(faults);
    await lane.run().catch(() => undefined);
    faults.heal();
    await lane.again(at('02:21'));
    await lane.again(at('02:22'));
    const isSending = fault.port === 'channel' || (fault.port === 'log' && fault.method === 'record');
    expect({ fault, told: lane.messages.slice(0, isSending ? 1 : 9) }).toEqual({ fault, told: ['opened'] });
    expect(await lane.incidents.listIncidents({ limit: 10 })).toHaveLength(1);
  }
});

test('two evaluators at once open one incident and tell of it once', async () => {
  const lane = aLane(faultsOf());
  await Promise.all([lane.run(), lane.run(), lane.again(at('02:20'))]);
  expect(lane.messages).toEqual(['opened']);
});

test('500 pipelines that fail at once are 500 incidents and one message', async () => {
  const ports = { live: openLiveStore(':memory:'), incidents: fakeIncidentStore(), watches: fakePipelineWatches() };
  const events = Array.from({ length: 500 }, (_, n) =>
    anEvent(end('a', at('02:20'), 'FAILED', { process_name: `p_${n}`, start_time: at('02:00') })),
  );
  const { transitions } = await trackRuns(ports.live, foldRuns(events));
  const evaluated = await evaluateChanged(
    { ...ports, expectations: expectationsIn('version: 1\n') },
    changedRuns(transitions),
    at('02:20'),
  );
  expect(evaluated.changed).toHaveLength(500);
  const messages: number[] = [];
  await sendNotices({
    ...{
      incidents: ports.incidents,
      notificationLog: aNotificationLog(),
      store: aStore(),
      clock: { now: () => at('02:21') },
    },
    ...{ hash: (text: string) => text.slice(0, 60), routesOf: () => ['ops'] },
    send: async (channel, told) => {
      messages.push(told.length);
      return { channel, delivered: true, message_id: 'm' };
    },
  });
  expect(messages).toEqual([500]);
});

/** Events of a few runs of one day, and when each arrives. */
const history = fc.array(
  fc.record({
    run: fc.nat(3),
    minute: fc.integer({ min: 0, max: 600 }),
    kind: fc.constantFrom('start', 'good', 'failed', 'start'),
  }),
  { maxLength: 12 },
);
const minute = (after: number) => instantOf(Date.parse(at('00:00')) + after * 60_000);
const eventsIn = (facts: readonly { run: number; minute: number; kind: string }[]): readonly Partial<Event>[] =>
  facts.map(({ run, minute: after, kind }, index) => ({
    ...(kind === 'start'
      ? start(`run ${run}`, minute(after))
      : end(`run ${run}`, minute(after), kind === 'good' ? 'SUCCESS' : 'FAILED')),
    event_id: String(index),
    event_key: String(index).padStart(32, '0'),
  }));

test.each([
  ['with a schedule', DAILY],
  ['without one', 'version: 1\n'],
])(
  '%s, an incident opens once, is told before it ends, and one that was told of is open now or was told to have ended',
  async (_, file) => {
    await fc.assert(
      fc.asyncProperty(history, async (facts) => {
        const world = alertWorld(file, at('00:00'));
        await world.watch('orders');
        const events = [...eventsIn(facts)].sort((a, b) => ((a.event_time ?? '') < (b.event_time ?? '') ? -1 : 1));
        for (const event of events) await world.send(event as never);
        await world.until(at('18:00'));
        const incidents = await world.incidents.listIncidents({ limit: 100 });
        expect(new Set(incidents.map(({ slot }) => slot)).size).toBe(incidents.length);
        const open = new Set(incidents.flatMap(({ id, status }) => (status === 'resolved' ? [] : [id])));
        for (const [id, own] of Map.groupBy(world.changes, (each) => each.id)) {
          const kinds = own.map(({ kind }) => kind);
          const isOver = kinds.at(-1) === 'resolved' || own[0]?.isPassed === true;
          expect({ kinds, isOver }).toEqual({
            kinds: ['opened', ...kinds.slice(1).filter((kind) => kind !== 'opened')],
            isOver: !open.has(id),
          });
          expect(kinds.slice(0, -1)).not.toContain('resolved');
        }
      }),
      { numRuns: 40 },
    );
  },
);

/**
 * The ends of runs of one slot. While a retry is under way, or a run is told to have ended in two ways, it matters what was
 * heard first: what was wrong at any time stays open until something good comes after it.
 */
const ended = fc.uniqueArray(
  fc.record({ run: fc.nat(6), minute: fc.integer({ min: 130, max: 600 }), kind: fc.constantFrom('good', 'failed') }),
  { selector: ({ run }) => run, maxLength: 7 },
);

test('events that come twice and in any order leave the same incidents open', async () => {
  await fc.assert(
    fc.asyncProperty(ended, fc.array(fc.nat(), { minLength: 24, maxLength: 24 }), async (facts, ranks) => {
      const events = eventsIn(facts);
      const openAfter = async (all: readonly Partial<Event>[]) => {
        const ports = {
          live: openLiveStore(':memory:'),
          incidents: fakeIncidentStore(),
          watches: fakePipelineWatches(),
          expectations: expectationsIn(DAILY),
        };
        for (const event of all) {
          const { transitions } = await trackRuns(ports.live, foldRuns([anEvent(event)]));
          await evaluateChanged(ports, changedRuns(transitions), at('12:00'));
        }
        const open = await ports.incidents.listIncidents({ open: true, limit: 100 });
        return open.map(({ slot }) => slot).sort();
      };
      const shuffled = [...events, ...events]
        .map((event, place) => ({ event, rank: ranks[place % ranks.length] ?? 0 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ event }) => event);
      expect(await openAfter(shuffled)).toEqual(await openAfter(events));
    }),
    { numRuns: 60 },
  );
});
