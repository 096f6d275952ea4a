import { counted, durationShown } from '../format.ts';
import { epochMsOf, type Instant } from '../instant.ts';
import { WEEKDAYS, type Weekday, weekdayOf } from '../schedule/calendar.ts';
import { localDateOf, wallTimeOf } from '../schedule/zone.ts';
import { durationText } from './duration.ts';

/** A run as far as a suggestion asks. */
export interface SeenRun {
  readonly environment: string;
  readonly process_name: string;
  readonly start_time: Instant;
  readonly duration_ms: number | null;
  readonly status: string;
}

/** Fewer runs than these show no pattern. */
const MIN_RUNS = 5;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Gaps that people schedule. */
const GAPS_MIN = [1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720];

/**
 * A first `pipelines.yaml` from what was seen, with the evidence as comments: when each pipeline usually starts and on which
 * weekdays, how long it takes, how often it fails. It is to be read and changed by a person.
 */
export function suggestedFile(runs: readonly SeenRun[], timezone: string, since: Instant): string {
  const groups = Map.groupBy(runs, ({ environment, process_name }) => JSON.stringify([process_name, environment]));
  const environments = new Map<string, Set<string>>();
  for (const { environment, process_name } of runs)
    environments.set(process_name, (environments.get(process_name) ?? new Set()).add(environment));
  // A name stands once in a file: of a pipeline of several environments, the one that runs most.
  const chosen = new Map<string, readonly SeenRun[]>();
  for (const own of groups.values()) {
    const name = own[0]?.process_name ?? '';
    if ((chosen.get(name)?.length ?? 0) < own.length) chosen.set(name, own);
  }
  const entries = [...chosen]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, own]) => entryOf(name, own, timezone, [...(environments.get(name) ?? [])]));
  return [
    `# What this ledger has seen since ${since.slice(0, 10)}, as a first proposal: read each line before you let it hold.`,
    '# `runledger pipelines check` checks it, `runledger rules test --file FILE` says how often it would have paged.',
    'version: 1',
    `defaults: { timezone: ${timezone}, severity: normal }`,
    'pipelines:',
    ...(entries.length === 0 ? ['  {}'] : entries.flat()),
    '',
  ].join('\n');
}

function entryOf(
  name: string,
  runs: readonly SeenRun[],
  timezone: string,
  environments: readonly string[],
): readonly string[] {
  const inOrder = [...runs].sort((a, b) => (a.start_time < b.start_time ? -1 : 1));
  const { schedule, evidence } = scheduleOf(inOrder, timezone);
  const durations = runs.flatMap(({ status, duration_ms }) => (status === 'SUCCESS' ? (duration_ms ?? []) : []));
  const failed = runs.filter(({ status }) => status === 'FAILED' || status === 'TIMED_OUT' || status === 'LOST').length;
  const others = environments.filter((each) => each !== runs[0]?.environment);
  const lines = [
    `  ${JSON.stringify(name)}:`,
    `    # ${counted(runs.length, 'run')}, ${failed} failed; ${evidence}`,
    ...(others.length > 0 ? [`    # It runs in ${others.map((each) => JSON.stringify(each)).join(', ')} too.`] : []),
    `    environment: ${JSON.stringify(runs[0]?.environment ?? '')}`,
    ...(schedule === undefined ? [] : [`    schedule: ${schedule}`]),
  ];
  if (durations.length < MIN_RUNS) return lines;
  const [usual, slow] = [quantile(durations, 0.5), quantile(durations, 0.95)];
  const limit = Math.max(5 * MINUTE_MS, Math.ceil((2 * slow) / MINUTE_MS) * MINUTE_MS);
  return [
    ...lines,
    `    # A good run takes ${durationShown(usual)}; one of twenty takes more than ${durationShown(slow)}. Twice that is allowed.`,
    `    max_duration: ${durationText(limit)}`,
  ];
}

interface SuggestedSchedule {
  readonly schedule?: string;
  readonly evidence: string;
}

function scheduleOf(runs: readonly SeenRun[], timezone: string): SuggestedSchedule {
  if (runs.length < MIN_RUNS) return { evidence: `fewer than ${MIN_RUNS} runs show no schedule` };
  const days = Map.groupBy(runs, ({ start_time }) => localDateOf(start_time, timezone));
  const first = [...days.values()].map((own) => minuteOfDay(own[0]?.start_time ?? '', timezone));
  const isDaily = runs.length <= 1.3 * days.size;
  return isDaily ? daily(days, first) : often(runs);
}

/** About one run on each of its days: at the time of day at which nearly all have not started yet. */
function daily(days: ReadonlyMap<string, readonly SeenRun[]>, first: readonly number[]): SuggestedSchedule {
  const [early, usual, late] = [quantile(first, 0.05), quantile(first, 0.5), quantile(first, 0.95)];
  const slot = Math.max(0, Math.floor(early / 5) * 5);
  if (late - early > 180)
    return { evidence: `they start at any time between ${clock(early)} and ${clock(late)}: no schedule is proposed` };
  const grace = Math.max(10, Math.ceil((late - slot) / 5) * 5 + 5);
  const on = weekdaysOf([...days.keys()]);
  const evidence = `they start about ${clock(usual)}, from ${clock(early)} to ${clock(late)}, ${on === '*' ? 'every day' : `on ${on}`}`;
  const cron = `${slot % 60} ${Math.floor(slot / 60)} * * ${on}`;
  return { schedule: `{ cron: "${cron}", start_grace: ${durationText(grace * MINUTE_MS)} }`, evidence };
}

function often(runs: readonly SeenRun[]): SuggestedSchedule {
  const gaps = runs.slice(1).map(({ start_time }, at) => epochMsOf(start_time) - epochMsOf(runs[at]?.start_time ?? ''));
  const usualMs = quantile(gaps, 0.5);
  const nearest = GAPS_MIN.map((minutes) => minutes * MINUTE_MS).sort(
    (a, b) => Math.abs(a - usualMs) - Math.abs(b - usualMs),
  )[0] as number;
  const isRegular = Math.abs(nearest - usualMs) <= 0.2 * nearest && quantile(gaps, 0.8) <= 1.5 * nearest;
  if (!isRegular) return { evidence: 'they start at no regular time: no schedule is proposed' };
  const grace = Math.max(MINUTE_MS, Math.ceil(nearest / 2 / MINUTE_MS) * MINUTE_MS);
  return {
    schedule: `{ every: ${durationText(nearest)}, start_grace: ${durationText(Math.min(grace, 10 * MINUTE_MS))} }`,
    evidence: `one starts every ${durationShown(usualMs)}`,
  };
}

/** The weekdays on which it ran in most of the weeks that were seen, as cron writes them. */
function weekdaysOf(dates: readonly string[]): string {
  const all = [...dates].sort();
  const spanMs = Date.parse(all.at(-1) ?? '') - Date.parse(all[0] ?? '');
  const weeks = Math.floor(spanMs / (7 * DAY_MS));
  if (weeks < 2) return '*';
  const counts = new Map<Weekday, number>();
  for (const date of dates) counts.set(weekdayOf(date), (counts.get(weekdayOf(date)) ?? 0) + 1);
  const on = WEEKDAYS.filter((day) => (counts.get(day) ?? 0) >= weeks / 2);
  if (on.length === 7 || on.length === 0) return '*';
  return on.join(',') === 'mon,tue,wed,thu,fri' ? 'mon-fri' : on.join(',');
}

const minuteOfDay = (instant: Instant, zone: string): number => {
  const [hour, minute] = wallTimeOf(instant, zone).slice(11).split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
};

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(Math.floor(minute % 60)).padStart(2, '0')}`;

/** By nearest rank. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
