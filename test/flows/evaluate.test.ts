import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { appliedPipelines, expectationsIn } from '../../flows/applied-pipelines.ts';
import { applyPipelines } from '../../flows/apply-pipelines.ts';
import { evaluateClock, evaluateRuns } from '../../flows/evaluate.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';
import { aBus } from '../fakes/bus.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';

const NOW = '2025-11-03T12:05:00.000Z';
const broken = { run_id: 'broken', event_type: 'RUN_END', status: 'FAILED' } as const;

let live: LiveStore;
let ports: ReturnType<typeof portsOver>;
const portsOver = () => ({ ...judging(), live, store: aStore(), bus: aBus() });
beforeEach(() => {
  live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  ports = portsOver();
});
const changes = async (...events: readonly Partial<Event>[]) =>
  (await trackRuns(live, foldRuns(events.map(anEvent)))).transitions;
const clock = async (now: string) => evaluateClock(ports, expectationsIn(await appliedPipelines(ports.store)), now);
const asked = () => ports.bus.published.map(({ type }) => type);
const opened = async () =>
  (await ports.incidents.listIncidents({ limit: 9 })).map(({ slot, reasons }) => [slot, reasons[0]?.reason]);

describe('runs that have changed', () => {
  test('are judged by the pipelines they belong to; that something is to be told is asked for once', async () => {
    const runs = await changes({ run_id: 'well' }, broken, { ...broken, process_name: 'another', run_id: 'too' });
    expect(await evaluateRuns(ports, runs, NOW)).toMatchObject({ pipelines: 2, failures: [] });
    expect((await opened()).sort()).toEqual([
      ['run broken', 'FAILED'],
      ['run too', 'FAILED'],
    ]);
    expect(asked()).toEqual(['Notices Waiting']);
  });

  test('open nothing a second time, and ask for nothing', async () => {
    const runs = await changes(broken);
    await evaluateRuns(ports, runs, NOW);
    await evaluateRuns(ports, runs, NOW);
    expect(await opened()).toHaveLength(1);
    expect(asked()).toEqual(['Notices Waiting']);
  });

  test('of none, nothing is read', async () => {
    ports.store.refused.add('settings/pipelines.json');
    expect(await evaluateRuns(ports, [], NOW)).toEqual({
      pipelines: 0,
      changed: [],
      news: [],
      failed: [],
      failures: [],
    });
  });
});

describe('the clock', () => {
  test('finds what no event tells: a slot that did not start', async () => {
    const file = 'version: 1\npipelines: { nightly: { schedule: { cron: "0 2 * * *", start_grace: 10m } } }\n';
    const holidays = async () => ({ datesOf: () => [] });
    await applyPipelines(
      { ...ports, hash: contentHash, holidays, environment: 'prod' },
      file,
      '2025-11-03T01:00:00.000Z',
    );
    await clock('2025-11-03T02:10:00.000Z');
    expect(await opened()).toEqual([]);
    await clock('2025-11-03T02:10:00.001Z');
    expect(await opened()).toEqual([['2025-11-03T02:00:00.000Z', 'NOT_STARTED']]);
    expect(asked()).toEqual(['Notices Waiting']);
  });

  test('asks again as long as something waits to be told, and then no more', async () => {
    ports.bus.isDown = true;
    await expect(evaluateRuns(ports, await changes(broken), NOW)).rejects.toThrow('the bus is away');
    ports.bus.isDown = false;
    await clock(NOW);
    await clock(NOW);
    expect(asked()).toEqual(['Notices Waiting', 'Notices Waiting']);
    const [incident] = await ports.incidents.listIncidents({ limit: 1 });
    if (incident === undefined) throw new Error('expected an incident');
    await ports.incidents.changeIncident(incident, (stored) => stored && { ...stored, outbox: [] });
    await clock(NOW);
    expect(asked()).toHaveLength(2);
  });
});
