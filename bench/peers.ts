import { openAlertStore } from '../adapters/sqlite/alert-store.ts';
import { openLiveStore } from '../adapters/sqlite/live-store.ts';
import { type Instant, instantAfter, instantOf } from '../core/instant.ts';
import { expectationsOf } from '../core/pipelines/expectations.ts';
import { readFile } from '../core/pipelines/read-file.ts';
import { slotsOf } from '../core/schedule/schedule.ts';
import type { Event } from '../core/schema/event.ts';
import { startReplay } from '../flows/replay-rules.ts';
import { downsOf, type Ping } from './peer-rules.ts';

/**
 * A month of 100 nightly jobs in four zones, with faults seeded, through the rules of the ledger and through those of
 * healthchecks.io: which of the faults each notices, and for how many slots it pages though nothing was wrong.
 */
const JOBS = 100;
const SINCE = '2026-03-07T00:00:00.000Z';
const UNTIL = '2026-04-08T00:00:00.000Z';
const ZONES = ['UTC', 'Europe/Stockholm', 'America/New_York', 'Australia/Sydney'];
/** Days on which a quarter of the jobs has nothing to do. */
const HOLIDAYS = ['2026-04-03', '2026-04-06'];
const MINUTE_MS = 60_000;
const GRACE_MIN = 15;
const LONGEST_MIN = 60;

const FAULTS = ['missed', 'late', 'long', 'failed', 'stuck behind another', 'too short', 'run twice'] as const;
type Course = (typeof FAULTS)[number] | 'good' | 'mended by a retry' | 'holiday';

const random = generator(7);
const jobs = Array.from({ length: JOBS }, (_, n) => {
  const hasHolidays = n % 4 === 0;
  const schedule = { cron: `${(n * 7) % 60} ${1 + (n % 20)} * * *`, timezone: ZONES[n % ZONES.length] as string };
  const calendar = hasHolidays ? { except: HOLIDAYS } : undefined;
  return {
    name: `job_${n}`,
    schedule,
    hasHolidays,
    slots: slotsOf({ ...schedule, calendar }),
    every: slotsOf(schedule),
  };
});
const text = `version: 1
calendars: { working: { except: [${HOLIDAYS.join(', ')}] } }
pipelines:
${jobs
  .map(
    ({ name, schedule, hasHolidays }) =>
      `  ${name}: { environment: prod, schedule: { cron: "${schedule.cron}", timezone: ${schedule.timezone}, start_grace: ${GRACE_MIN}m${hasHolidays ? ', calendar: working' : ''} }, max_duration: ${LONGEST_MIN}m, min_duration: 2m, retry: { max_attempts: 3, backoff: 15m } }`,
  )
  .join('\n')}
`;

/** What happened, and what was wrong. */
const truth = new Map<string, Course>();
const events: Event[] = [];
const pings = new Map<string, Ping[]>();
for (const { name, slots, every } of jobs) {
  const own: Ping[] = [];
  pings.set(name, own);
  const expected = new Set(slots.between(SINCE, UNTIL, 100));
  for (const slot of every.between(SINCE, '2026-04-07T00:00:00.000Z', 100)) {
    const course = expected.has(slot) ? drawn() : 'holiday';
    truth.set(keyOf(name, slot), course);
    for (const ping of courseOf(course, slot)) {
      own.push(ping);
      events.push(eventOf(name, ping));
    }
  }
}
events.sort((a, b) =>
  a.event_time < b.event_time ? -1 : a.event_time > b.event_time ? 1 : a.event_key < b.event_key ? -1 : 1,
);

const ours = await byTheLedger();
const theirs = new Set<string>();
for (const { name, every } of jobs) {
  // One grace stands for both limits, so it is the longer one.
  for (const at of downsOf(pings.get(name) ?? [], every, LONGEST_MIN * MINUTE_MS, SINCE, UNTIL))
    theirs.add(keyOf(name, every.atOrBefore(at) ?? ''));
}

const wrong = [...truth].filter(([, course]) => (FAULTS as readonly string[]).includes(course));
console.log(
  `peers: ${JOBS} jobs, ${truth.size.toLocaleString('en')} slots, ${wrong.length} of them with a fault; clocks are set on 8 and 29 March and 5 April`,
);
console.log('  fault                    seeded   the ledger   healthchecks');
for (const fault of FAULTS) {
  const keys = wrong.flatMap(([key, course]) => (course === fault ? [key] : []));
  console.log(
    `  ${fault.padEnd(24)} ${cell(keys.length, 6)} ${cell(found(keys, ours), 12)} ${cell(found(keys, theirs), 14)}`,
  );
}
for (const [name, course] of [
  ['holidays', 'holiday'],
  ['mended by a retry', 'mended by a retry'],
  ['nothing at all', 'good'],
] as const) {
  const keys = [...truth].flatMap(([key, each]) => (each === course ? [key] : []));
  console.log(
    `  paged for ${name.padEnd(14)} ${cell(keys.length, 6)} ${cell(found(keys, ours), 12)} ${cell(found(keys, theirs), 14)}`,
  );
}
for (const [name, flagged] of [
  ['the ledger', ours],
  ['healthchecks', theirs],
] as const) {
  const hits = found(
    wrong.map(([key]) => key),
    flagged,
  );
  console.log(
    `peers ${name}: precision ${(hits / flagged.size).toFixed(3)}, recall ${(hits / wrong.length).toFixed(3)}`,
  );
}

function drawn(): Course {
  const draw = random();
  const fault = FAULTS[Math.floor(draw * 50)];
  return fault ?? (draw < 0.2 ? 'mended by a retry' : 'good');
}

function courseOf(course: Course, slot: Instant): readonly Ping[] {
  const at = (minutes: number) => instantAfter(slot, Math.round(minutes * MINUTE_MS)) ?? slot;
  const run = (
    id: string,
    from: number,
    minutes: number | undefined,
    action: 'success' | 'fail' = 'success',
  ): Ping[] => [
    { at: at(from), action: 'start', run_id: `${slot} ${id}` },
    ...(minutes === undefined ? [] : [{ at: at(from + minutes), action, run_id: `${slot} ${id}` } as const]),
  ];
  const begin = random() * 5;
  const minutes = 10 + random() * 30;
  switch (course) {
    case 'missed':
    case 'holiday':
      return [];
    case 'late':
      return run('a', 25 + random() * 20, minutes);
    case 'long':
      return run('a', begin, 80 + random() * 60);
    case 'failed':
      return run('a', begin, minutes, 'fail');
    case 'stuck behind another':
      return [...run('a', begin, undefined), ...run('b', begin + 10, minutes)];
    case 'too short':
      return run('a', begin, 0.3);
    case 'run twice':
      return [...run('a', begin, minutes), ...run('b', 120, minutes)];
    case 'mended by a retry':
      return [...run('a', begin, 5, 'fail'), ...run('b', begin + 12, minutes)];
    case 'good':
      return run('a', begin, minutes);
  }
}

function eventOf(process_name: string, { at, action, run_id }: Ping): Event {
  const start = action === 'start';
  return {
    event_key: `${process_name} ${run_id} ${action}`,
    event_id: `${run_id} ${action}`,
    ...{
      event_date: at.slice(0, 10),
      event_time: at,
      received_at: at,
      environment: 'prod',
      process_name,
      run_id,
      run_attempt: 1,
    },
    event_type: start ? 'RUN_START' : 'RUN_END',
    status: start ? 'RUNNING' : action === 'success' ? 'SUCCESS' : 'FAILED',
    ...(start ? { start_time: at } : { end_time: at }),
  };
}

async function byTheLedger(): Promise<ReadonlySet<string>> {
  const { file, problems } = readFile(text);
  if (file === undefined) throw new Error(JSON.stringify(problems));
  const live = openLiveStore(':memory:', { now: () => UNTIL });
  const stores = {
    live,
    ...openAlertStore(':memory:'),
    expectations: expectationsOf(file, () => []),
    environment: 'prod',
  };
  const replay = await startReplay(stores, SINCE);
  for (const event of events) await replay.take(event);
  const told = (await replay.end(UNTIL)).filter(
    ({ kind, at }) => kind !== 'resolved' && at < instantOf(Date.parse(UNTIL)),
  );
  return new Set(told.map(({ process_name, slot }) => keyOf(process_name, slot)).filter((key) => truth.has(key)));
}

function keyOf(name: string, slot: string): string {
  return `${name} ${slot}`;
}

function found(keys: readonly string[], flagged: ReadonlySet<string>): number {
  return keys.filter((key) => flagged.has(key)).length;
}

function cell(value: number, width: number): string {
  return String(value).padStart(width);
}

/** The same numbers each time: mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
