import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { liveWritesOf } from '../../bench/live-writes.ts';
import { seedRun } from '../../bench/seed-runs.ts';
import { maskOf } from '../../core/mask/mask.ts';
import { acceptRecords } from '../../flows/accept.ts';
import { measured } from '../../scripts/cost/measured.ts';
import { describeCost } from '../../scripts/cost/page.ts';
import { EVENTS_PER_RUN, STATEMENTS_PER_TICK } from '../../scripts/cost/usage.ts';
import { statementsFor } from '../../sql/statements.ts';

test('docs/cost.md is what prices, the stack and the measurements say; `npm run docs` writes it', {
  timeout: 60_000,
}, () => {
  expect(readFileSync('docs/cost.md', 'utf8')).toBe(describeCost());
});

test('a tick has as many statements as it is charged for', () => {
  expect(Object.keys(statementsFor('trino'))).toHaveLength(STATEMENTS_PER_TICK);
});

test.each(measured.liveRuns)(
  'the live lane writes of $steps steps in $minutes min, landed every $flushSeconds s, what is charged',
  async ({ steps, minutes, flushSeconds, writeUnits, readUnits, storedBytes }) => {
    const sent = seedRun({ events: EVENTS_PER_RUN, minutes, steps }, Date.UTC(2025, 10, 3, 10));
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
    expect(now.readUnits).toBe(readUnits);
    // Ids are random, and pack a few bytes better or worse: a write may fall on either side of a unit.
    expect(Math.abs(now.writeUnits - writeUnits)).toBeLessThanOrEqual(Math.ceil(writeUnits / 10));
    expect(Math.abs(now.storedBytes - storedBytes)).toBeLessThanOrEqual(storedBytes / 10);
  },
);
