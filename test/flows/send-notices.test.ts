import { describe, expect, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import type { Told } from '../../core/alert/as-of.ts';
import { judged, type Subject } from '../../core/alert/incident.ts';
import { incidentIn } from '../../core/alert/incident-log.ts';
import { instantOf } from '../../core/instant.ts';
import type { Delivery } from '../../core/ports/channel.ts';
import { decideIncident } from '../../flows/decide-incident.ts';
import { type SendNoticesPorts, sendNews, sendNotices } from '../../flows/send-notices.ts';
import { addSilence, endSilence, listSilences } from '../../flows/silences.ts';
import { everyFault, type Faults, faultsOf } from '../fakes/faulty.ts';
import { fakeIncidentStore } from '../fakes/incident-store.ts';
import { aNotificationLog } from '../fakes/notification-log.ts';
import { aStore } from '../fakes/object-store.ts';
import { fakePipelineWatches } from '../fakes/pipeline-watches.ts';

const START = Date.UTC(2025, 10, 3, 2);

function aWorld(
  faults: Faults = faultsOf(),
  routes: readonly string[] = ['ops'],
  { fallbacks = [], away = [] }: { readonly fallbacks?: readonly string[]; readonly away?: readonly string[] } = {},
) {
  const incidents = fakeIncidentStore();
  const store = aStore();
  const messages: { route: string; told: readonly string[] }[] = [];
  const notes: string[] = [];
  const watches = fakePipelineWatches();
  let isDown = false;
  let nowMs = START;
  const ports: SendNoticesPorts = {
    incidents: faults.wrap('incidents', incidents),
    notificationLog: faults.wrap('log', aNotificationLog()),
    store: faults.wrap('store', store),
    clock: { now: () => instantOf(nowMs) },
    hash: (text) => Buffer.from(text).toString('hex').slice(0, 32),
    routesOf: () => routes,
    fallbacksOf: () => fallbacks,
    ...faults.wrap('channel', {
      send: async (route: string, told: readonly Told[], note?: string): Promise<Delivery> => {
        if (isDown || away.includes(route)) return { channel: route, delivered: false, why: 'it is away' };
        messages.push({ route, told: told.map(({ incident, change }) => `${incident.process_name} ${change.kind}`) });
        if (note !== undefined) notes.push(note);
        return { channel: route, delivered: true, message_id: String(messages.length) };
      },
    }),
  };
  return {
    ports,
    incidents,
    store,
    messages,
    notes,
    watches,
    down: (down: boolean) => {
      isDown = down;
    },
    pass: (ms: number) => {
      nowMs += ms;
    },
    async judge(process_name: string, isGood = false, severity: 'P1' | 'P2' = 'P2', run_id = 'a') {
      const subject: Subject = { environment: 'prod', process_name, slot: 'run a' };
      const conditions = [
        { reason: 'FAILED', severity, occurred_at: instantOf(START), text: 'failed', run_id } as const,
      ];
      const verdict = isGood ? { conditions: [], isGood } : { conditions, isGood };
      await incidents.changeIncident(subject, (stored) =>
        judged(stored, subject, verdict, { now: instantOf(nowMs), holdMs: 0 }),
      );
    },
  };
}

test('each change is told once on each route, in order, and logged with its receipts', async () => {
  const world = aWorld(faultsOf(), ['ops', 'page']);
  await world.judge('orders');
  await world.judge('orders', true);
  await sendNotices(world.ports);
  await sendNotices(world.ports);
  expect(world.messages).toEqual([
    { route: 'ops', told: ['orders opened'] },
    { route: 'ops', told: ['orders resolved'] },
    { route: 'page', told: ['orders opened'] },
    { route: 'page', told: ['orders resolved'] },
  ]);
  expect(await world.incidents.unsentIncidents(10)).toEqual([]);
  expect([...world.store.objects.keys()].every((key) => key.startsWith('incidents/dt=2025-11-03/hh=02/'))).toBe(true);
  expect(world.store.objects.size).toBe(6);
});

test('500 at once are one message on a route', async () => {
  const world = aWorld();
  for (let at = 0; at < 500; at++) await world.judge(`orders-${at}`);
  await sendNotices(world.ports);
  expect(world.messages.map(({ told }) => told.length)).toEqual([500]);
});

test('what a route did not take stays, is tried again, and the route that took it does not get it twice', async () => {
  const world = aWorld();
  world.down(true);
  await world.judge('orders');
  expect(await sendNotices(world.ports)).toMatchObject({ failed: 1, errors: ['it is away'] });
  world.down(false);
  world.pass(60_000);
  await sendNotices(world.ports);
  expect(world.messages).toEqual([{ route: 'ops', told: ['orders opened'] }]);
});

test('what no route takes for a day is given up', async () => {
  const world = aWorld();
  world.down(true);
  await world.judge('orders');
  world.pass(25 * 3_600_000);
  await sendNotices(world.ports);
  expect(await world.incidents.unsentIncidents(10)).toEqual([]);
});

test('what opens anew while its receiver is away is told as often as it opened and ended', async () => {
  const world = aWorld();
  world.down(true);
  await world.judge('orders');
  await sendNotices(world.ports);
  await world.judge('orders', true);
  await world.judge('orders', false, 'P2', 'b');
  world.down(false);
  world.pass(60_000);
  await sendNotices(world.ports);
  expect(world.messages.flatMap(({ told }) => told)).toEqual(['orders opened', 'orders resolved', 'orders opened']);
  expect(await world.incidents.unsentIncidents(10)).toEqual([]);
});

test('without a route nobody is told, and the change is in the log all the same', async () => {
  const world = aWorld(faultsOf(), []);
  await world.judge('orders');
  await sendNotices(world.ports);
  expect(world.messages).toEqual([]);
  expect([...world.store.objects.values()].map((line) => incidentIn(line)?.process_name)).toEqual(['orders']);
});

describe('a sender that fails at any of its calls', () => {
  test('sends everything in the end; only what it was just sending may come twice', async () => {
    const counted = faultsOf();
    const world = aWorld(counted);
    await world.judge('orders');
    await sendNotices(world.ports);
    for (const fault of everyFault(counted.calls)) {
      const faults = faultsOf(fault);
      const broken = aWorld(faults);
      await broken.judge('orders');
      await sendNotices(broken.ports).catch(() => undefined);
      faults.heal();
      broken.pass(60_000);
      await sendNotices(broken.ports);
      const isAfterSending = fault.port === 'channel' || (fault.port === 'log' && fault.method === 'record');
      const times = broken.messages.length;
      expect({ fault, times: isAfterSending ? Math.min(times, 1) : times }).toEqual({ fault, times: 1 });
      expect(await broken.incidents.unsentIncidents(10)).toEqual([]);
    }
  });
});

describe('what a person decides', () => {
  test('is in the object store before the incident changes, and is told', async () => {
    const world = aWorld();
    await world.judge('orders');
    await sendNotices(world.ports);
    const [incident] = await world.incidents.listIncidents({ limit: 1 });
    const id = incident?.id ?? '';
    await decideIncident(world.ports, { id, decision: 'acknowledge', who: 'ada' });
    expect(await world.incidents.incidentOf(id)).toMatchObject({ status: 'acknowledged', acknowledged_by: 'ada' });
    const lines = [...world.store.objects.values()].map((line) => incidentIn(line)?.status);
    expect(lines).toContain('acknowledged');
    await sendNotices(world.ports);
    expect(world.messages.at(-1)).toEqual({ route: 'ops', told: ['orders acknowledged'] });
  });

  test('about an incident that is not there is nothing', async () => {
    expect(await decideIncident(aWorld().ports, { id: 'none', decision: 'resolve', who: 'ada' })).toBeUndefined();
  });

  test('silences are kept, and end', async () => {
    const store = aStore();
    const now = instantOf(START);
    const silence = {
      id: 's1',
      pattern: 'orders_*',
      from: now,
      until: instantOf(START + 3_600_000),
      who: 'ada',
      why: 'moving',
    };
    await addSilence({ store, hash: contentHash }, silence, now);
    expect(await listSilences(store, now)).toEqual([silence]);
    expect(await listSilences(store, instantOf(START + 3_600_000))).toEqual([]);
    expect(await endSilence({ store, hash: contentHash }, 's1', now)).toBe(true);
    expect(await endSilence({ store, hash: contentHash }, 's1', now)).toBe(false);
  });
});

describe('a P1 that none of its routes took', () => {
  const away = { fallbacks: ['sms', 'team', 'console'], away: ['page', 'ops', 'sms'] };

  test('goes by the next route that takes it, once, and says why', async () => {
    const world = aWorld(faultsOf(), ['page', 'ops'], away);
    await world.judge('orders', false, 'P1');
    await sendNotices(world.ports);
    world.pass(60_000);
    await sendNotices(world.ports);
    expect(world.messages).toEqual([{ route: 'team', told: ['orders opened'] }]);
    expect(world.notes).toEqual(['It comes this way because it did not arrive on its own. page: it is away']);
    const receipts = [...world.store.objects.values()]
      .map((content) => JSON.parse(String(content)))
      .filter(({ kind }) => kind === 'receipt')
      .map(({ route, delivered, detail }) => [route, delivered, detail]);
    expect(receipts).toEqual([
      ['page', false, 'it is away'],
      ['ops', false, 'it is away'],
      ['sms', false, 'it is away'],
      ['team', true, '1'],
    ]);
  });

  test('still goes to its own route when that is back', async () => {
    const routes = ['page'];
    const gone = ['page'];
    const world = aWorld(faultsOf(), routes, { fallbacks: ['team'], away: gone });
    await world.judge('orders', false, 'P1');
    await sendNotices(world.ports);
    gone.pop();
    world.pass(60_000);
    await sendNotices(world.ports);
    expect(world.messages.map(({ route }) => route)).toEqual(['team', 'page']);
    expect(await world.incidents.unsentIncidents(10)).toEqual([]);
  });

  test('is one message there too when there are hundreds', async () => {
    const world = aWorld(faultsOf(), ['page'], away);
    for (let at = 0; at < 300; at++) await world.judge(`orders_${at}`, false, 'P1');
    await sendNotices(world.ports);
    expect(world.messages.map(({ route, told }) => [route, told.length])).toEqual([['team', 300]]);
  });

  test('is one that arrived on none: a P2 waits, and so does one that arrived on another', async () => {
    const world = aWorld(faultsOf(), ['page'], away);
    await world.judge('orders');
    await sendNotices(world.ports);
    const half = aWorld(faultsOf(), ['page', 'mail'], away);
    await half.judge('orders', false, 'P1');
    await sendNotices(half.ports);
    expect([world.messages, half.messages]).toEqual([[], [{ route: 'mail', told: ['orders opened'] }]]);
  });
});

describe('news of runs', () => {
  const orders = { environment: 'prod', process_name: 'orders' };
  const at = instantOf(START);
  const started = { kind: 'started', run_id: 'a', run_attempt: 1, at } as const;
  const succeeded = { ...started, kind: 'succeeded' } as const;

  test('is told once on each route and then forgotten, and what came meanwhile stays', async () => {
    const world = aWorld();
    const watch = await world.watches.changeWatch(orders, () => ({
      ...orders,
      since: at,
      judged_until: at,
      news: [started],
    }));
    await world.watches.changeWatch(orders, () => ({ ...watch, news: [started, succeeded] }));
    await sendNews({ ...world.ports, watches: world.watches }, [watch]);
    await sendNews({ ...world.ports, watches: world.watches }, [watch]);
    expect(world.messages).toEqual([{ route: 'ops', told: ['orders started'] }]);
    expect((await world.watches.listWatches())[0]?.news).toEqual([succeeded]);
  });

  test('that did not arrive waits', async () => {
    const world = aWorld();
    world.down(true);
    const watch = await world.watches.changeWatch(orders, () => ({
      ...orders,
      since: at,
      judged_until: at,
      news: [started],
    }));
    const { errors } = await sendNews({ ...world.ports, watches: world.watches }, [watch]);
    expect([errors, (await world.watches.listWatches())[0]?.news]).toEqual([['it is away'], [started]]);
  });
});
