import * as z from 'zod';
import { errorMessage } from '../core/error-message.ts';
import { maskOf } from '../core/mask/mask.ts';

/** `-c` passes text; cdk.json may hold numbers, booleans and lists. */
const whole = (min: number, max: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value),
    z.int().min(min).max(max),
  );
const flag = z.preprocess((value) => (value === 'true' ? true : value === 'false' ? false : value), z.boolean());
const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').flatMap((each) => each.trim() || []) : value),
    z.array(item).max(50),
  );
const json = <Value extends z.ZodType>(value: Value) =>
  z.preprocess((given) => {
    if (typeof given !== 'string') return given;
    try {
      return JSON.parse(given);
    } catch {
      return given;
    }
  }, value);

/** The retention periods that CloudWatch Logs offers, in days (API reference of PutRetentionPolicy). */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Each option: what it does, what it accepts as text for people, and its schema with the default. */
export const OPTIONS = {
  environment: {
    about: 'stamped on events that name none; part of the default stack name',
    expected: 'lower-case letters, digits and hyphens, at most 30, beginning with a letter',
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,29}$/)
      .default('prod'),
  },
  stackName: {
    about:
      'name of the stack, of its Athena workgroup and (in lower case, with _ for -) of its database; default runledger-<environment>',
    expected: 'letters, digits and hyphens, at most 63, beginning with a letter',
    schema: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,62}$/)
      .optional(),
  },
  zone: {
    about: 'IANA zone in which times without one are read',
    expected: 'an IANA time zone such as UTC or Europe/Paris',
    schema: z.string().refine(isZone).default('UTC'),
  },
  keepUserEmail: {
    about:
      'keep e-mail addresses in the field user; otherwise they become a short hash, the same for good in this ledger',
    expected: 'true or false',
    schema: flag.default(false),
  },
  maskPatterns: {
    about: 'further patterns to mask, as JSON: [{"name": "customer", "pattern": "C-[0-9]{6}"}]',
    expected: 'a JSON list of {"name", "pattern"} whose patterns cost a bounded number of steps',
    schema: json(z.array(z.strictObject({ name: z.string(), pattern: z.string() })).superRefine(checkMask)).default([]),
  },
  alertEmails: {
    about: 'addresses that get alerts and alarms, separated by commas; each has to confirm once',
    expected: 'e-mail addresses separated by commas',
    schema: list(z.email()).default([]),
  },
  slackWorkspaceId: {
    about: 'Slack workspace that gets alerts; authorise it once in the Amazon Q Developer console',
    expected: 'a Slack workspace id such as T0123ABCD',
    schema: z
      .string()
      .regex(/^T[A-Z0-9]{6,14}$/)
      .optional(),
  },
  slackChannelId: {
    about: 'channel of that workspace',
    expected: 'a Slack channel id such as C0123ABCD',
    schema: z
      .string()
      .regex(/^[CG][A-Z0-9]{6,14}$/)
      .optional(),
  },
  flushSeconds: {
    about: 'how long Firehose gathers events before it lands them; less is sooner and more requests to S3',
    expected: 'a whole number of seconds from 0 to 900',
    schema: whole(0, 900).default(60),
  },
  trackConcurrency: {
    about: 'how many calls of TrackRuns run at once, at most; a new account has ten for all of its functions',
    expected: 'a whole number from 2 to 1000',
    schema: whole(2, 1000).default(2),
  },
  compactEveryMinutes: {
    about: 'how often new objects are taken into the tables; a tick without new objects starts no query',
    expected: 'a whole number of minutes from 1 to 1440',
    schema: whole(1, 1440).default(15),
  },
  scanLimitGb: {
    about: 'the most one query may scan before Athena cancels it, in GB of 1,000,000,000 bytes',
    expected: 'a whole number of GB from 1 to 10000',
    schema: whole(1, 10_000).default(100),
  },
  rawArchiveAfterDays: {
    about: 'when raw lines move to the instant-retrieval archive',
    expected: 'a whole number of days from 1 to 3650',
    schema: whole(1, 3650).default(90),
  },
  rawExpireAfterDays: {
    about: 'when raw lines are deleted; without it never. The tables cannot be rebuilt from what is deleted',
    expected: 'a whole number of days from 30 to 36500',
    schema: whole(30, 36_500).optional(),
  },
  logsKeptDays: {
    about: 'how long pipeline_logs keeps events',
    expected: 'a whole number of days from 30 to 36500',
    schema: whole(30, 36_500).default(400),
  },
  summariesKeptDays: {
    about: 'how long the run, step and metric tables keep rows',
    expected: 'a whole number of days from 30 to 36500',
    schema: whole(30, 36_500).default(1095),
  },
  functionLogDays: {
    about: "how long the ledger's own logs are kept",
    expected: `one of ${LOG_DAYS.join(', ')} days`,
    schema: whole(1, 3653)
      .refine((days) => LOG_DAYS.includes(days))
      .default(30),
  },
  dataRemoval: {
    about: 'delete: destroying the stack deletes the data too, if deleteDataOf names it',
    expected: 'keep or delete',
    schema: z.enum(['keep', 'delete']).default('keep'),
  },
  deleteDataOf: {
    about: 'second key to dataRemoval=delete: the name of the stack whose data may be deleted',
    expected: 'the name of a stack',
    schema: z.string().optional(),
  },
} as const satisfies Record<string, { readonly about: string; readonly expected: string; readonly schema: z.ZodType }>;

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function checkMask(
  patterns: readonly { readonly name: string; readonly pattern: string }[],
  context: z.RefinementCtx,
): void {
  try {
    maskOf({ patterns });
  } catch (error) {
    context.addIssue({ code: 'custom', message: errorMessage(error) });
  }
}
