import * as z from 'zod';
import { WEEKDAYS } from '../schedule/calendar.ts';
import * as field from './fields.ts';
import { restartSchema } from './restart-schema.ts';

/** Severities of a pipeline: what a trouble of it may become. */
export const PIPELINE_SEVERITIES = ['low', 'normal', 'high'] as const;
/** Severities of an incident, the gravest first. */
export const INCIDENT_SEVERITIES = ['P1', 'P2', 'P3'] as const;

const names = z.array(field.text('a name')).max(100);

const calendar = z.strictObject({
  weekdays: z.array(field.oneOf(WEEKDAYS)).min(1).optional(),
  holidays: field
    .text('the code of a country, such as SE or US-CA', 12)
    .regex(/^[A-Za-z]{2}(-[A-Za-z0-9]{1,4}){0,2}$/, {
      error: 'expected the code of a country, such as SE or US-CA',
    })
    .optional(),
  dates: z.array(field.day).max(2000).optional(),
  except: z.array(field.day).max(2000).optional(),
  last_of_month: field.flag.optional(),
});

const hours = z.strictObject({
  from: field.timeOfDay,
  until: field.timeOfDay,
  timezone: field.timezone.optional(),
  weekdays: z.array(field.oneOf(WEEKDAYS)).min(1).optional(),
});

const channels = {
  console: z.strictObject({}),
  webhook: z.strictObject({ url: field.secretReference, secret: field.secretReference.optional() }),
  slack: z.strictObject({ url: field.secretReference }),
  teams: z.strictObject({ url: field.secretReference }),
  pagerduty: z.strictObject({ routing_key: field.secretReference, url: field.webAddress.optional() }),
  email: z.strictObject({}),
  chat: z.strictObject({}),
  eventbridge: z.strictObject({}),
};
export const CHANNEL_KINDS = Object.keys(channels) as readonly (keyof typeof channels)[];

const route = z
  .strictObject({
    ...(Object.fromEntries(Object.entries(channels).map(([kind, schema]) => [kind, schema.optional()])) as {
      [Kind in keyof typeof channels]: z.ZodOptional<(typeof channels)[Kind]>;
    }),
    /** Which incidents go this way; everything that is left out matches all. */
    severities: z.array(field.oneOf(INCIDENT_SEVERITIES)).min(1).optional(),
    environments: names.optional(),
    owners: names.optional(),
    pipelines: names.optional(),
    hours: hours.optional(),
  })
  .refine((each) => CHANNEL_KINDS.filter((kind) => each[kind] !== undefined).length === 1, {
    error: `expected exactly one of ${CHANNEL_KINDS.join(', ')}`,
  });

const schedule = z
  .strictObject({
    cron: field.text('a cron expression', 200).optional(),
    every: field.duration.optional(),
    timezone: field.timezone.optional(),
    calendar: field.text('the name of a calendar').optional(),
    start_grace: field.duration.optional(),
  })
  .refine((each) => (each.cron === undefined) !== (each.every === undefined), {
    error: 'expected either cron or every',
  });

const anomaly = z.strictObject({
  deviations: z.number().min(1).max(100).default(5),
  minimum_runs: field.count(5, 30).default(14),
});

const share = (what: string, min: number, max: number) =>
  z
    .number({ error: `expected ${what}` })
    .min(min, { error: `expected ${what}` })
    .max(max, { error: `expected ${what}` });

/** The same pause each time, or one that grows. */
const backoff = field.duration.or(
  z.strictObject({
    initial: field.duration,
    factor: share('a factor from 1 to 10, such as 2', 1, 10).default(2),
    max: field.duration.default(3_600_000),
    jitter: field.share.default(0.2),
  }),
);

/** Which failures are tried again, beside error codes: classes of the taxonomy, and ends without a code. */
export const RETRY_ON = [
  'transient',
  'resource',
  'system_io',
  'data',
  'configuration',
  'unknown',
  'timed_out',
  'lost',
] as const;
const errorCode = z.string().regex(/^[A-Z][A-Z0-9_.-]{1,63}$/, {
  error: `expected an error code such as T101, or one of ${RETRY_ON.join(', ')}`,
});

const growth = z
  .strictObject({
    from: z.number({ error: 'expected a number' }).positive({ error: 'expected a number above 0' }),
    factor: share('a factor above 1, at most 10, such as 1.5', 1.01, 10).default(1.5),
    max: z.number({ error: 'expected a number' }).positive({ error: 'expected a number above 0' }),
  })
  .refine(({ from, max }) => from <= max, { error: 'expected from at most max' });

/** Everything that may be said of a pipeline, and in `defaults` of all. */
const settings = {
  environment: field.text('the name of an environment', 64).optional(),
  severity: field.oneOf(PIPELINE_SEVERITIES).optional(),
  owner: field.text('a team or a person').optional(),
  routes: names.optional(),
  description: field.text('a text', 2000).optional(),
  runbook: field.webAddress.optional(),
  schedule: schedule.optional(),
  max_duration: field.duration.optional(),
  min_duration: field.duration.optional(),
  finish_by: field.timeOfDay.optional(),
  heartbeat: z.strictObject({ every: field.duration, misses: field.count(1, 100).default(3) }).optional(),
  freshness: field.duration.optional(),
  failure_rate: z
    .strictObject({
      window: field.duration.default(7 * 86_400_000),
      threshold: field.share,
      minimum_runs: field.count(1, 10_000).default(10),
    })
    .optional(),
  records: z
    .strictObject({
      minimum: field.count(0, Number.MAX_SAFE_INTEGER).optional(),
      maximum: field.count(0, Number.MAX_SAFE_INTEGER).optional(),
      anomaly: anomaly.optional(),
    })
    .optional(),
  longer_than_usual: anomaly.optional(),
  quality: z.record(field.text('a dataset pattern'), field.share).optional(),
  retry: z
    .strictObject({
      by: field.oneOf(['orchestrator', 'ledger']).default('orchestrator'),
      max_attempts: field.count(1, 100),
      backoff: backoff.default(300_000),
      on: z.array(field.oneOf(RETRY_ON).or(errorCode)).min(1).max(100).optional(),
    })
    .optional(),
  restart: restartSchema.optional(),
  resume: field.oneOf(['from_failed_step', 'from_start']).optional(),
  on_resource_error: z.record(field.text('the name of a parameter', 100), growth).optional(),
  kill_after: field.duration.optional(),
  concurrency: field.count(1, 1000).optional(),
  breaker: z.strictObject({ failures: field.count(1, 1000), window: field.duration }).optional(),
  quiet_hours: hours.optional(),
  dry_run: field.flag.optional(),
  fallback_to_full_after: field.count(1, 100).optional(),
  idempotent: field.oneOf(['merge', 'overwrite_partition', 'append']).optional(),
  notify: z.strictObject({ on_start: field.flag.optional(), on_success: field.flag.optional() }).optional(),
  steps: z.record(field.text('the name of a step'), z.strictObject({ max_duration: field.duration })).optional(),
  backfill_after: field.duration.optional(),
  hold: field.duration.optional(),
  paused: field.flag.optional(),
  depends_on: names.optional(),
};

export const pipelineSchema = z.strictObject(settings);

const {
  schedule: _schedule,
  steps: _steps,
  depends_on: _dependsOn,
  description: _description,
  restart: _restart,
  on_resource_error: _onResourceError,
  ...common
} = settings;
const defaultsSchema = z.strictObject({
  ...common,
  timezone: field.timezone.optional(),
  start_grace: field.duration.optional(),
});

/** The whole of `pipelines.yaml`. Durations come out in milliseconds. */
export const fileSchema = z.strictObject({
  version: z.literal(1, { error: 'expected version: 1' }),
  /** What holds for the ledger itself. */
  ledger: z
    .strictObject({
      heartbeat: z.strictObject({ url: field.secretReference, every: field.duration.default(300_000) }).optional(),
    })
    .optional(),
  defaults: defaultsSchema.optional(),
  calendars: z.record(field.text('a name'), calendar).optional(),
  routes: z.record(field.text('a name'), route).optional(),
  pipelines: z
    .record(field.text('the name of a pipeline, or a pattern such as orders_*', 512), pipelineSchema.nullable())
    .optional(),
});

export type PipelinesFile = z.output<typeof fileSchema>;
export type PipelineSettings = z.output<typeof pipelineSchema>;
export type CalendarSettings = z.output<typeof calendar>;
export type Route = z.output<typeof route>;
export type ChannelKind = keyof typeof channels;
