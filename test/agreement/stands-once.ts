import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../adapters/clock.ts';
import { type ObjectChange, parked } from '../../core/objects/object-change.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { type Run, runKeyOf } from '../../core/run/run.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { viewOf } from '../../core/run/run-view.ts';
import type { Event } from '../../core/schema/event.ts';
import { compactEvents } from '../../flows/compact.ts';
import { drain } from '../../flows/drain.ts';
import { summarizeRuns } from '../../flows/summarize.ts';
import { trackObject, trackRecorded } from '../../flows/track-object.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { expectSoundChanges } from './changes.ts';
import { linesOf, storedViews } from './derive.ts';
import { histories } from './histories.ts';

const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
const OBJECTS = 4;
const RUNS = 12;

/** The engines that a ledger stands on, whichever they are. */
export interface World {
  readonly engine: QueryEngine;
  readonly store: ObjectStore;
  /** Empty. */
  openLive(): Promise<LiveStore>;
  close(): Promise<void>;
}

/** What may happen, in any order. Each is given the place of an object, or of the call that fails. */
type Deed = readonly ['track' | 'compact' | 'summarize' | 'park', at: number, failingCall: number, isHalfDone: boolean];
const deed: fc.Arbitrary<Deed> = fc.tuple(
  fc.constantFrom('track' as const, 'track' as const, 'compact' as const, 'summarize' as const, 'park' as const),
  fc.nat(OBJECTS - 1),
  fc.constantFrom(0, 0, 1, 2, 3, 4),
  fc.boolean(),
);

/** A sample of histories, spread over objects; some events are sent again, and an untimed copy bears its own arrival. */
function landedEvents(round: number): readonly (readonly Event[])[] {
  const objects: Event[][] = Array.from({ length: OBJECTS }, () => []);
  const pick = fc.sample(fc.tuple(fc.nat(OBJECTS - 1), fc.nat(OBJECTS + 1), fc.nat(3)), { numRuns: 400, seed: round });
  histories(RUNS, round)
    .flat()
    .forEach((event, place) => {
      const [first, second, later] = pick[place % pick.length] as [number, number, number];
      objects[first]?.push(event);
      objects[second]?.push(event.flags === undefined || isSignOfLife(event) ? event : arrivedLater(event, later));
    });
  return objects;
}

const isSignOfLife = ({ event_type }: Event): boolean => event_type === 'HEARTBEAT' || event_type === 'METRIC';

function arrivedLater(event: Event, days: number): Event {
  const event_time = new Date(Date.parse(event.event_time) + days * 86_400_000).toISOString();
  return { ...event, event_time, event_date: event_time.slice(0, 10) };
}

/** A flow parks what the engine refuses: an object whose lines are in the log was not refused, even if its mark was lost. */
async function isInserted(engine: QueryEngine, object: string): Promise<boolean> {
  return (await engine.query(linesOfObject, { objects: [object] })).length > 0;
}

const linesOfObject = defineQuery({
  name: 'lines_of_object',
  text: 'select event_key from pipeline_logs where object in (:objects) limit 1',
  parameters: { objects: 'texts' },
  columns: { event_key: { type: 'varchar', comment: 'of one line' } },
});

/** Only what is not in the tables yet is parked. */
const parkedWhileItWaits: ObjectChange = (stored, object) =>
  stored?.stage === 'recorded' || stored?.stage === 'tracked' ? parked('held back')(stored, object) : undefined;

const keyOf = (round: number, at: number): string => `raw/dt=2025-11-05/hh=00/round-${round}-${at}.ndjson`;

/** Random orders, repetitions, parked objects and calls that fail, `rounds` of them (ROUNDS says otherwise). */
export function standsOnce(worldName: string, open: () => Promise<World>, rounds: number): void {
  let world: World;
  beforeAll(async () => {
    world = await open();
  });
  afterAll(() => world.close());

  test(`a run stands once on ${worldName}, as its events say, in whatever order objects are tracked, taken in, interrupted and repeated`, async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 4, maxLength: 12 }), fc.nat(), (deeds, sample) =>
        standsOnceAfter(world, deeds, sample, round++),
      ),
      {
        numRuns: Number(process.env.ROUNDS ?? rounds),
        seed,
        endOnFailure: true,
        ...(process.env.FC_PATH === undefined ? {} : { path: process.env.FC_PATH }),
      },
    );
  }, 600_000);
}

async function standsOnceAfter(
  { engine, store, openLive }: World,
  deeds: readonly Deed[],
  sample: number,
  round: number,
): Promise<void> {
  const landed = landedEvents(sample);
  for (const [at, events] of landed.entries()) await store.put(keyOf(round, at), `${linesOf(events).join('\n')}\n`);
  await emptied(engine);
  const live = await openLive();
  const ports = { store, live, engine, sink: nowhere, clock: systemClock };
  for (const [what, at, failingCall, isHalfDone] of deeds) {
    const object = keyOf(round, at);
    if (what === 'park') {
      if (!(await isInserted(engine, object))) await live.changeObjects([object], parkedWhileItWaits);
    } else await doing(what, object, failing(ports, failingCall, isHalfDone)).catch(isInterruption);
  }
  for (const [at] of landed.entries()) await trackObject(store, live, { key: keyOf(round, at), size_bytes: 1 });
  await trackRecorded(store, live);
  await drain(() => compactEvents(ports, 1));
  await drain(() => summarizeRuns(ports, 1));

  const stored = await storedViews(engine);
  for (const rows of stored.values()) expect(rows).toHaveLength(1);
  const parkedNow = new Set((await live.summary()).parked.map(({ object: key }) => key));
  const taken = landed.filter((_, at) => !parkedNow.has(keyOf(round, at))).flat();
  const inLake = new Map(foldRuns(taken).map((run) => [runKeyOf(run), viewOf(run)]));
  expect(new Map([...stored].map(([key, [view]]) => [key, view]))).toEqual(inLake);
  await expectSoundChanges(engine);
  const inLive = await live.listRuns({ limit: RUNS * 2 });
  const told = new Map(foldRuns(landed.flat()).map((run) => [runKeyOf(run), writtenOf(run)]));
  expect(new Map(inLive.map((run) => [runKeyOf(run), writtenOf(run)]))).toEqual(told);
  await live.close();
}

/** What is written of a live run: the last sign of life may not be. */
function writtenOf(live: Run) {
  const { run, steps } = viewOf(live);
  return { steps, run: { ...run, last_event_at: null, lease_expires_at: null } };
}

interface Ports {
  readonly store: ObjectStore;
  readonly live: LiveStore;
  readonly engine: QueryEngine;
  readonly sink: typeof nowhere;
  readonly clock: Clock;
}

const nowhere = { send: async () => ({ received: 0, accepted: 0, rejected: 0 }) };

async function doing(what: 'track' | 'compact' | 'summarize', object: string, ports: Ports): Promise<void> {
  if (what === 'track') await trackObject(ports.store, ports.live, { key: object, size_bytes: 1 });
  if (what === 'compact') await compactEvents(ports, 1);
  if (what === 'summarize') await summarizeRuns(ports, 1);
}

class Interrupted extends Error {}
const isInterruption = (error: unknown): void => {
  if (!(error instanceof Interrupted)) throw error;
};

/** The ports, of which the n-th call fails: before it does anything, or after it did everything. 0: none fails. */
function failing(ports: Ports, failingCall: number, isHalfDone: boolean): Ports {
  let calls = 0;
  const watched = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get:
        (target, name) =>
        async (...values: unknown[]) => {
          calls += 1;
          const fails = calls === failingCall;
          if (fails && !isHalfDone) throw new Interrupted();
          const answer = await (target as Record<string | symbol, (...of: unknown[]) => unknown>)[name]?.(...values);
          if (fails) throw new Interrupted();
          return answer;
        },
    });
  const { query } = watched({ query: ports.engine.query.bind(ports.engine) }) as Pick<QueryEngine, 'query'>;
  return { ...ports, live: watched(ports.live), engine: { ...ports.engine, query } };
}

async function emptied(engine: QueryEngine): Promise<void> {
  for (const table of ['pipeline_logs', 'pipeline_run_state', 'pipeline_steps', 'run_changes'])
    await engine.query(defineQuery({ name: 'empty', text: `delete from ${table}`, parameters: {}, columns: {} }), {});
}
