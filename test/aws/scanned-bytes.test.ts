import { expect, test } from 'vitest';
import type { Event } from '../../core/schema/event.ts';
import { runChangeStatements } from '../../sql/run-changes.ts';
import { EVERY_DAY, statementsFor } from '../../sql/statements.ts';
import { anEvent } from '../factories.ts';
import { type AwsLake, openAwsLake } from './lake.ts';
import { landedLine } from './sent-lines.ts';

const statements = statementsFor('trino');
const NOW = '2026-01-01T00:00:00.000Z';
const dayAgo = (days: number): string => new Date(Date.UTC(2025, 10, 3) - days * 86_400_000).toISOString().slice(0, 10);

let landed = 0;
let scannedLast: ReadonlyMap<string, number> = new Map();
/** The number of a change, as the daily maintenance notes it. */
let noted = 0;
async function note(lake: AwsLake): Promise<void> {
  const [row] = await lake.engine.query(runChangeStatements('trino').lastNumber, { known_number: noted });
  noted = row?.number ?? noted;
}

/** Lands and takes in one object with runs of these days; returns the bytes each statement read. */
async function insertLines(lake: AwsLake, days: readonly string[], runs: number): Promise<ReadonlyMap<string, number>> {
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
  await engine.query(statements.summarizeRuns, touched);
  await engine.query(statements.summarizeSteps, touched);
  await engine.query(statements.recordChanges, {
    ...{ run_dates: days, ...EVERY_DAY, now: NOW },
    known_number: noted,
  });
  await engine.query(statements.aggregateMetrics, { run_dates: days, now: NOW });
  return scanned;
}

/**
 * What taking in a second object of a new day reads, over all statements: into how many files each of them writes,
 * whose footers the next one reads, is up to the engine.
 */
async function secondObjectOf(lake: AwsLake, day: string): Promise<number> {
  await note(lake);
  await insertLines(lake, [day], 200);
  const scanned = await insertLines(lake, [day], 20);
  scannedLast = scanned;
  expect(scanned.size, 'every statement is counted').toBe(6);
  return [...scanned.values()].reduce((sum, bytes) => sum + bytes, 0);
}

test('what taking in an object reads does not grow by a tenth from 1 to 30 to 90 days of history', async () => {
  const lake = await openAwsLake();
  const days = Array.from({ length: 90 }, (_, day) => dayAgo(day + 1));
  const after1 = await secondObjectOf(lake, dayAgo(0));
  await insertLines(lake, days.slice(0, 29), 25);
  const after30 = await secondObjectOf(lake, dayAgo(-1));
  for (const some of [days.slice(29, 59), days.slice(59, 89)]) await insertLines(lake, some, 25);
  const after90 = await secondObjectOf(lake, dayAgo(-2));
  console.log('bytes read by each statement of the last object:', Object.fromEntries(scannedLast));
  console.log(`bytes read after 1, 30 and 90 days: ${after1}, ${after30}, ${after90}`);
  expect(after30).toBeLessThan(after1 * 1.1);
  expect(after90).toBeLessThan(Math.min(after1, after30) * 1.1);
});
