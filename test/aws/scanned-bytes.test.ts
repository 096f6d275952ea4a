import { expect, test } from 'vitest';
import type { Event } from '../../core/event.ts';
import { EVERY_DAY, statementsFor } from '../../sql/statements.ts';
import { anEvent } from '../factories.ts';
import { type AwsLake, openAwsLake } from './lake.ts';
import { landedLine } from './sent-lines.ts';

const statements = statementsFor('trino');
const NOW = '2026-01-01T00:00:00.000Z';
const dayAgo = (days: number): string => new Date(Date.UTC(2025, 10, 3) - days * 86_400_000).toISOString().slice(0, 10);

let landed = 0;
/** Lands and takes in one object with runs of these days; returns the bytes each statement read. */
async function takeIn(lake: AwsLake, days: readonly string[], runs: number): Promise<ReadonlyMap<string, number>> {
  const arrival_dates = days.slice(0, 1);
  const object = `raw/dt=${arrival_dates[0]}/hh=12/landed-${landed++}.ndjson`;
  const events = days.flatMap((day) =>
    Array.from({ length: runs }, (_, run) => `${day}-${landed}-${run}`).flatMap((run_id): Event[] => [
      anEvent({ run_id, event_time: `${day}T12:00:00.000Z`, status: 'RUNNING', message: run_id.repeat(20) }),
      anEvent({ run_id, event_time: `${day}T12:10:00.000Z`, event_type: 'RUN_END', status: 'SUCCESS' }),
    ]),
  );
  await lake.writeObject(object, events.map(landedLine));
  const scanned = new Map<string, number>();
  const engine = lake.open({ onScanned: (name, bytes) => scanned.set(name, bytes) });
  const touched = { objects: [object], event_dates: days, log_dates: days, run_dates: days, ...EVERY_DAY };
  const arrival = { objects: [object], arrival_dates, event_dates: days };
  await engine.query(statements.compactEvents, { ...arrival, event_days: days });
  await engine.query(statements.countLines, arrival);
  await engine.query(statements.summarizeSteps, touched);
  await engine.query(statements.summarizeRuns, touched);
  await engine.query(statements.aggregateMetrics, { run_dates: days, now: NOW });
  return scanned;
}

/** What taking in a second object of a day reads. */
async function secondObjectOf(lake: AwsLake, day: string): Promise<ReadonlyMap<string, number>> {
  await takeIn(lake, [day], 200);
  return takeIn(lake, [day], 20);
}

test('what taking in an object reads does not grow with the days before it', async () => {
  const lake = await openAwsLake();
  const young = await secondObjectOf(lake, dayAgo(0));
  // One object may bring 50 dates at most to a statement.
  const history = Array.from({ length: 45 }, (_, day) => dayAgo(day + 1));
  await takeIn(lake, history, 50);
  const old = await secondObjectOf(lake, dayAgo(-1));
  // Together: into how many files a statement writes, whose footers the next one reads, is up to the engine.
  const total = (scanned: ReadonlyMap<string, number>) => [...scanned.values()].reduce((sum, bytes) => sum + bytes, 0);
  expect(young.size, 'every statement is counted').toBe(5);
  expect(total(old), JSON.stringify([...young, ...old])).toBeLessThan(total(young) * 1.1);
});
