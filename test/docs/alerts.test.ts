import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Condition, REASONS } from '../../core/alert/condition.ts';
import { judgeLedger } from '../../core/alert/judge-ledger.ts';
import { judgePipeline } from '../../core/alert/judge-pipeline.ts';
import { judgeSlot } from '../../core/alert/judge-slot.ts';
import type { ToldRun } from '../../core/run/told-run.ts';
import { aToldRun, expecting } from '../core/alert/a-told-run.ts';

const page = readFileSync('docs/alerts.md', 'utf8');
const SLOT = '2025-11-03T02:00:00.000Z';
const at = (time: string) => `2025-11-03T${time}:00.000Z`;
const DAILY = 'schedule: { cron: "0 2 * * *" }';
const slotOf = (settings: string, runs: readonly ToldRun[], now: string) =>
  judgeSlot(expecting(`${DAILY}, ${settings}`), SLOT, runs, { now: at(now) }).conditions;
const failed = (error_code: string, id = 'a', start = '02:00') =>
  aToldRun(id, at(start), 5, { status: 'FAILED', error: { error_code, message: 'no' } as never });
const good = aToldRun('run-1', at('02:00'), 20);

/** The first line of each reason, as the rules write it. */
const examples: Readonly<Record<string, readonly Condition[]>> = {
  RETRIES_EXHAUSTED: slotOf(
    'retry: { max_attempts: 3 }',
    [failed('T101'), failed('T101', 'b', '02:10'), failed('T101', 'c', '02:20')],
    '03:00',
  ),
  STALLED: slotOf('heartbeat: { every: 1m }', [aToldRun('a', SLOT)], '02:10'),
  NOT_STARTED: slotOf('severity: normal', [], '02:11'),
  NOT_FINISHED_BY: slotOf('finish_by: "06:30"', [aToldRun('a', SLOT)], '06:31').filter(
    ({ reason }) => reason === 'NOT_FINISHED_BY',
  ),
  SLA_BREACH: slotOf('max_duration: 45m', [aToldRun('a', SLOT)], '02:46'),
  TOO_SHORT: slotOf('min_duration: 5m', [aToldRun('a', SLOT, 1)], '03:00'),
  EXTRA_RUN: slotOf('severity: normal', [good, aToldRun('b', at('04:00'))], '04:01'),
  STALE: judgePipeline(
    expecting('freshness: 26h'),
    { since: at('00:00'), last_good_at: at('01:30'), runs: [] },
    '2025-11-05T00:00:00.000Z',
  ).flatMap(([, { conditions }]) => conditions),
  FAILURE_RATE: judgePipeline(
    expecting('failure_rate: { threshold: 0.2, minimum_runs: 10 }'),
    {
      since: at('00:00'),
      last_good_at: undefined,
      runs: Array.from({ length: 10 }, (_, n) => (n < 3 ? failed('T101', `${n}`) : aToldRun(`${n}`, SLOT, 5)).run),
    },
    at('12:00'),
  ).flatMap(([, { conditions }]) => conditions),
  LEDGER: [
    ...judgeLedger({ unsent: { notices: 3, since: at('00:00'), why: 'expected 2xx, got 500' } }, at('01:00')).values(),
  ],
};

describe('the page about alerts', () => {
  test.each(REASONS.map((reason) => [reason]))('has %s with when it is told, and an example', (reason) => {
    expect(page.match(new RegExp(`\`${reason}\`[^|]*\\|`, 'g'))?.length).toBeGreaterThan(1);
  });

  test.each(Object.entries(examples))('shows %s as the rules write it', (reason, conditions) => {
    const [first] = conditions.filter((each) => each.reason === reason);
    const shown = page.split('\n').filter((line) => line.startsWith(`| \`${reason}\` |`));
    expect(shown).toContain(`| \`${reason}\` | ${reason === 'LEDGER' ? 'runledger' : 'orders'} ${first?.text} |`);
  });
});
