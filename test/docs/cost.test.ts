import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { liveWritesOf } from '../../bench/live-writes.ts';
import { seedRun } from '../../bench/seed-runs.ts';
import { maskOf } from '../../core/mask/mask.ts';
import { acceptRecords } from '../../flows/accept.ts';
import { STATEMENTS } from '../../scripts/cost/history-usage.ts';
import { liveRuns } from '../../scripts/cost/live-runs.ts';
import { EVENTS_PER_RUN } from '../../scripts/cost/load.ts';
import { describeCost } from '../../scripts/cost/page.ts';
import { statementsFor } from '../../sql/statements.ts';

test('docs/cost.md is what prices, the stack and the measurements say; `npm run docs` writes it', {
  timeout: 60_000,
}, () => {
  expect(readFileSync('docs/cost.md', 'utf8')).toBe(describeCost());
});

test('a tick is charged for the statements it has', () => {
  expect(Object.values(statementsFor('trino')).map(({ name }) => name)).toEqual(STATEMENTS);
});

test.each(liveRuns)(
  'the live lane writes of $steps steps in $minutes min, landed every $flushSeconds s, with $promisedSeconds s promised, what is charged',
  async ({ steps, minutes, promisedSeconds, flushSeconds, ...charged }) => {
    const sent = seedRun({ events: EVENTS_PER_RUN, minutes, steps, promisedSeconds }, Date.UTC(2025, 10, 3, 10));
    const { events } = acceptRecords(
      [Buffer.from(sent.map((event) => JSON.stringify(event)).join('\n'))],
      '2025-11-03T12:00:00.000Z',
      {
        environment: 'prod',
        zone: 'UTC',
        keepUserEmail: false,
        userSalt: 'a salt of this test',
        mask: maskOf(),
        hash: (content) => hash('sha256', content),
      },
    );
    const now = await liveWritesOf(events, flushSeconds);
    expect(now.readUnits).toBe(charged.readUnits);
    expect(now.checks).toBe(charged.checks);
    // Ids are random, and pack a few bytes better or worse: a write may fall on either side of a unit.
    expect(Math.abs(now.writeUnits - charged.writeUnits)).toBeLessThanOrEqual(Math.ceil(charged.writeUnits / 10));
    expect(Math.abs(now.storedBytes - charged.storedBytes)).toBeLessThanOrEqual(charged.storedBytes / 10);
  },
);
