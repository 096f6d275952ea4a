import type { Calendar } from '../schedule/calendar.ts';
import type { PipelineSettings, PipelinesFile, Route } from './file-schema.ts';
import { matches, specificity } from './pattern.ts';

/**
 * What is expected of pipelines, as the ledger keeps and reads it: every name of the file resolved, durations in
 * milliseconds, holidays as dates. It is JSON.
 */
export interface Expectations {
  /** Most specific first: the first that matches holds. */
  readonly pipelines: readonly PatternExpectation[];
  readonly routes: Readonly<Record<string, Route>>;
  /** Where the ledger sends signs of life, and how often. Milliseconds. */
  readonly heartbeat?: { readonly url: string; readonly every: number } | undefined;
  /** Of a pipeline that the file does not name. */
  readonly otherwise: Expectation;
}

export interface PatternExpectation extends Expectation {
  /** The name of a pipeline, or a pattern with `*` and `?`. */
  readonly pattern: string;
  /** Undefined: all. */
  readonly environment: string | undefined;
}

/** What is expected of one pipeline. What is undefined is not checked. */
export interface Expectation
  extends Omit<PipelineSettings, 'environment' | 'severity' | 'schedule' | 'hold' | 'backfill_after' | 'routes'> {
  readonly severity: NonNullable<PipelineSettings['severity']>;
  readonly schedule: ScheduleExpectation | undefined;
  /** Names of routes; none: those whose own conditions match. */
  readonly routes: readonly string[];
  /** An incident that ends within this time of its beginning notifies nobody. Milliseconds. */
  readonly hold: number;
  /** A run of a slot older than this is a backfill: it never pages and moves no baseline. Milliseconds. */
  readonly backfill_after: number;
  /** Since when the file lets the ledger start its runs again: what failed before is left alone. Set where a file is applied. */
  readonly allowed_since?: string | undefined;
}

export interface ScheduleExpectation {
  readonly cron?: string | undefined;
  readonly every_ms?: number | undefined;
  readonly timezone: string;
  readonly calendar?: Calendar | undefined;
  /** How long after its slot a run may start. Milliseconds. */
  readonly start_grace: number;
}

const DEFAULT_GRACE_MS = 600_000;
export const DEFAULT_BACKFILL_MS = 2 * 86_400_000;

/** What a ledger without a file expects. */
export const NOTHING_EXPECTED: Expectations = expectationsOf({ version: 1 }, () => []);

/**
 * Resolves a file that was read without a problem. `holidaysOf` answers the dates of a country's holidays. A calendar
 * that is not in the file is an error of `checkFile`, and is taken here as every day.
 */
export function expectationsOf(file: PipelinesFile, holidaysOf: (country: string) => readonly string[]): Expectations {
  const { timezone = 'UTC', start_grace = DEFAULT_GRACE_MS, environment: _, ...defaults } = file.defaults ?? {};
  const calendars = Object.fromEntries(
    Object.entries(file.calendars ?? {}).map(([name, { holidays, except = [], ...calendar }]) => [
      name,
      { ...calendar, except: [...except, ...(holidays === undefined ? [] : holidaysOf(holidays))] },
    ]),
  );
  const expectationOf = (own: PipelineSettings): Expectation => {
    const { environment: _environment, schedule, ...settings } = { ...defaults, ...defined(own) };
    return {
      ...settings,
      severity: settings.severity ?? 'normal',
      routes: settings.routes ?? [],
      hold: settings.hold ?? 0,
      backfill_after: settings.backfill_after ?? DEFAULT_BACKFILL_MS,
      schedule: schedule && {
        cron: schedule.cron,
        every_ms: schedule.every,
        timezone: schedule.timezone ?? timezone,
        calendar: schedule.calendar === undefined ? undefined : calendars[schedule.calendar],
        start_grace: schedule.start_grace ?? start_grace,
      },
    };
  };
  const pipelines = Object.entries(file.pipelines ?? {}).map(([pattern, own]) => ({
    pattern,
    environment: own?.environment ?? file.defaults?.environment,
    ...expectationOf(own ?? {}),
  }));
  return {
    pipelines: pipelines.sort((a, b) => specificity(b.pattern) - specificity(a.pattern)),
    routes: file.routes ?? {},
    ...(file.ledger?.heartbeat !== undefined && { heartbeat: file.ledger.heartbeat }),
    otherwise: expectationOf({}),
  };
}

/** What is expected of the pipeline of this name: by the most specific pattern, else what is expected of every pipeline. */
export const expectationFor = (expectations: Expectations, environment: string, process_name: string): Expectation =>
  expectations.pipelines.find(
    (each) =>
      matches(each.pattern, process_name) && (each.environment === undefined || each.environment === environment),
  ) ?? expectations.otherwise;

function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
