import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Told } from '../../../core/alert/as-of.ts';
import { type Incident, judged, resolved, type Subject } from '../../../core/alert/incident.ts';
import { routesOf } from '../../../core/alert/routes.ts';
import type { Instant } from '../../../core/instant.ts';
import { expectationFor, expectationsOf } from '../../../core/pipelines/expectations.ts';
import { readFile } from '../../../core/pipelines/read-file.ts';

const HEAD = 'version: 1\nroutes:\n';
const at = (time: string, day = '2025-11-03'): Instant => `${day}T${time}:00.000Z`;

/** The routes of the changes of an incident, by a file of pipelines. */
function routed(file: string, told: Told): string {
  const read = readFile(`${HEAD}${file}`);
  if (read.file === undefined) throw new Error(JSON.stringify(read.problems));
  const expectations = expectationsOf(read.file, () => []);
  const { environment, process_name } = told.incident;
  return routesOf(expectations.routes, expectationFor(expectations, environment, process_name), told).join(' ');
}

interface Opening extends Partial<Subject> {
  readonly severity?: 'P1' | 'P2' | 'P3';
  readonly opened?: Instant;
}

function opening({ severity = 'P2', opened: now = at('12:00'), ...given }: Opening = {}): Incident {
  const subject = { environment: 'prod', process_name: 'orders', slot: 'run a', ...given };
  const conditions = [{ reason: 'FAILED', severity, occurred_at: now, text: 'failed', run_id: 'a' } as const];
  const incident = judged(undefined, subject, { conditions, isGood: false }, { now, holdMs: 0 });
  if (incident === undefined) throw new Error('no incident');
  return incident;
}

function lastChange(incident: Incident): Told {
  const change = incident.outbox.at(-1);
  if (change === undefined) throw new Error('no change');
  return { incident, change };
}

const opened = (given: Opening = {}): Told => lastChange(opening(given));
const ended = (when: Instant, given: Opening = {}): Told => lastChange(resolved(opening(given), when, 'a good run'));

describe('names', () => {
  const routes = `
  ops: { console: {} }
  team: { console: {} }
  page: { console: {}, severities: [P1] }
`;

  test('a pipeline goes the routes that it names, in its order, else every route that takes it', () => {
    const pipelines = 'pipelines: { orders: { routes: [team, ops] } }';
    expect(routed(`${routes}${pipelines}`, opened())).toBe('team ops');
    expect(routed(`${routes}${pipelines}`, opened({ process_name: 'other' }))).toBe('ops team');
  });

  test('a route that says whom it is for takes what it is for, whatever a pipeline names', () => {
    const defaults = 'defaults: { routes: [ops] }';
    expect(routed(`${routes}${defaults}`, opened({ severity: 'P1' }))).toBe('ops page');
    expect(routed(`${routes}${defaults}`, opened({ severity: 'P2' }))).toBe('ops');
  });

  test('the conditions of a route that is named hold too', () => {
    const pipelines = 'pipelines: { orders: { routes: [page] } }';
    expect(routed(`${routes}${pipelines}`, opened({ severity: 'P1' }))).toBe('page');
    expect(routed(`${routes}${pipelines}`, opened({ severity: 'P3' }))).toBe('');
  });

  test('a file without routes sends nowhere', () => {
    expect(routesOf({}, { routes: ['gone'], schedule: undefined }, opened())).toEqual([]);
  });
});

test('a route takes the environments, owners and pipelines that it names, by name or pattern, all of them at once', () => {
  const file = `
  prod: { console: {}, environments: [prod] }
  any: { console: {}, environments: ["prod*"], pipelines: ["orders_*", stock] }
  owned: { console: {}, owners: [team-orders] }
pipelines: { "orders_*": { owner: team-orders } }
`;
  expect(routed(file, opened({ process_name: 'orders_a' }))).toBe('prod any owned');
  expect(routed(file, opened({ process_name: 'orders_a', environment: 'prod-eu' }))).toBe('any owned');
  expect(routed(file, opened({ process_name: 'stock', environment: 'dev' }))).toBe('');
  expect(routed(file, opened({ process_name: 'stock' }))).toBe('prod any');
  expect(routed(file, opened({ process_name: 'stocks' }))).toBe('prod');
});

describe('hours', () => {
  const during = (hours: string, instant: Instant): boolean =>
    routed(`  r: { console: {}, hours: ${hours} }`, opened({ opened: instant })) === 'r';

  test('begin with their first minute and end before their last', () => {
    const hours = '{ from: "08:00", until: "17:00" }';
    expect(['07:59', '08:00', '16:59', '17:00'].map((time) => during(hours, at(time)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test('are those of their zone, in winter and in summer', () => {
    const hours = '{ from: "08:00", until: "17:00", timezone: Europe/Stockholm }';
    expect([during(hours, at('07:00')), during(hours, at('06:59'))]).toEqual([true, false]);
    expect([during(hours, at('06:00', '2025-07-01')), during(hours, at('05:59', '2025-07-01'))]).toEqual([true, false]);
  });

  test('without a zone are those of the pipeline', () => {
    const file = `
  r: { console: {}, hours: { from: "08:00", until: "09:00" } }
pipelines: { orders: { schedule: { cron: "0 2 * * *", timezone: Asia/Tokyo } } }
`;
    expect(routed(file, opened({ opened: at('23:30') }))).toBe('r');
    expect(routed(file, opened({ opened: at('08:30') }))).toBe('');
  });

  test('may go on after midnight, and then belong to the day on which they began', () => {
    const hours = '{ from: "22:00", until: "06:00", weekdays: [fri] }';
    expect(during(hours, at('21:59', '2025-11-07'))).toBe(false);
    expect(during(hours, at('22:00', '2025-11-07'))).toBe(true);
    expect(during(hours, at('05:59', '2025-11-08'))).toBe(true);
    expect(during(hours, at('06:00', '2025-11-08'))).toBe(false);
    expect(during(hours, at('05:59', '2025-11-07'))).toBe(false);
    expect(during(hours, at('22:00', '2025-11-08'))).toBe(false);
  });

  test('of a whole day are all of it', () => {
    const hours = '{ from: "00:00", until: "00:00", weekdays: [mon] }';
    expect([during(hours, at('00:00')), during(hours, at('23:59'))]).toEqual([true, true]);
    expect(during(hours, at('00:00', '2025-11-04'))).toBe(false);
  });

  test('by day and by night are everything together, at every moment and in every zone', () => {
    const zone = fc.constantFrom(
      'UTC',
      'Europe/Stockholm',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    );
    fc.assert(
      fc.property(zone, fc.integer({ min: 0, max: 800 * 1440 }), (timezone, minutes) => {
        const instant = new Date(Date.UTC(2025, 0, 1) + minutes * 60_000).toISOString();
        const day = during(`{ from: "07:30", until: "19:00", timezone: ${timezone} }`, instant);
        const night = during(`{ from: "19:00", until: "07:30", timezone: ${timezone} }`, instant);
        expect(day).toBe(!night);
      }),
    );
  });
});

describe('who was told that it began', () => {
  test('is told that it is over, also outside of their hours', () => {
    const file = '  day: { console: {}, hours: { from: "08:00", until: "17:00" } }';
    expect(routed(file, opened({ opened: at('16:00') }))).toBe('day');
    expect(routed(file, ended(at('23:00'), { opened: at('16:00') }))).toBe('day');
    expect(routed(file, ended(at('23:30'), { opened: at('22:00') }))).toBe('');
  });

  test('is told that it is over, also when it became graver than they asked for', () => {
    const file = '  low: { console: {}, severities: [P3] }\n  page: { console: {}, severities: [P1] }';
    const first = opening({ severity: 'P3' });
    const graver = {
      reason: 'STALLED',
      severity: 'P1',
      occurred_at: at('12:30'),
      text: 'silent',
      run_id: 'a',
    } as const;
    const worse = judged(first, first, { conditions: [graver], isGood: false }, { now: at('12:30'), holdMs: 0 });
    if (worse === undefined) throw new Error('no incident');
    const [begin, upgrade] = worse.outbox.map((change) => ({ incident: worse, change }));
    if (begin === undefined || upgrade === undefined) throw new Error('no changes');
    expect(routed(file, begin)).toBe('low');
    expect(routed(file, upgrade)).toBe('page');
    expect(routed(file, lastChange(resolved(worse, at('13:00'), 'a good run')))).toBe('low page');
  });
});
