import * as z from 'zod';
import { errorMessage } from '../core/error-message.ts';
import { maskOf } from '../core/mask/mask.ts';
import { FLAG, json, LOG_DAYS, list, NAME, type Option, whole } from './option-kinds.ts';

const MAX_EMAILS = 50;
const MAX_PRINCIPALS = 20;
/** Of the 4 KB that a function's environment may have in all (quotas of Lambda), as Lambda measures them: as JSON. */
const MAX_MASK_BYTES = 3000;

const principals = {
  expected: `at most ${MAX_PRINCIPALS} ARNs of IAM roles or users separated by commas`,
  ends: [
    [],
    Array.from({ length: MAX_PRINCIPALS }, (_, index) => `arn:aws-us-gov:iam::123456789012:role/data/person-${index}`),
  ],
  schema: list(z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=.@/-]{1,576}$/), MAX_PRINCIPALS).default(
    [],
  ),
} as const;

/** The options. The order is that of docs/operations.md. */
export const OPTIONS = {
  environment: {
    about: 'stamped on events that name none; part of the default stack name',
    expected: 'lower-case letters, digits and hyphens, at most 30, beginning with a letter',
    ends: ['a', `a${'-long'.repeat(5)}-end`],
    schema: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,29}$/)
      .default('prod'),
  },
  stackName: {
    about:
      'name of the stack, of its Athena workgroup and (in lower case, with _ for -) of its database; default runledger-<environment>',
    expected: 'letters, digits and hyphens, at most 63, beginning with a letter',
    ends: NAME.ends,
    schema: NAME.schema.optional(),
  },
  zone: {
    about: 'IANA zone in which times without one are read',
    expected: 'an IANA time zone such as UTC or Europe/Paris',
    ends: ['UTC', 'America/Argentina/ComodRivadavia'],
    schema: z.string().refine(isZone).default('UTC'),
  },
  keepUserEmail: {
    about:
      'keep e-mail addresses in the field user; otherwise they become a short hash, the same for good in this ledger',
    ...FLAG,
  },
  maskPatterns: {
    about: 'further patterns to mask, as JSON: [{"name": "customer", "pattern": "C-[0-9]{6}"}]',
    expected: `a JSON list of {"name", "pattern"} whose patterns cost a bounded number of steps, at most ${MAX_MASK_BYTES} bytes`,
    ends: [[], [1, 2, 3, 4, 5].map((each) => ({ name: `pattern-${each}`, pattern: 'x'.repeat(512) }))],
    schema: json(z.array(z.strictObject({ name: z.string(), pattern: z.string() })).superRefine(checkMask)).default([]),
  },
  alertEmails: {
    about: 'addresses that get alerts and alarms, separated by commas; each has to confirm once',
    expected: `at most ${MAX_EMAILS} e-mail addresses separated by commas`,
    ends: [[], Array.from({ length: MAX_EMAILS }, (_, index) => `person.${index}@data.example.com`)],
    schema: list(z.email(), MAX_EMAILS).default([]),
  },
  slackWorkspaceId: {
    about: 'Slack workspace that gets alerts; authorise it once in the Amazon Q Developer console',
    expected: 'a Slack workspace id such as T0123ABCD',
    ends: ['T012345', 'T0123456789ABCD'],
    schema: z
      .string()
      .regex(/^T[A-Z0-9]{6,14}$/)
      .optional(),
  },
  slackChannelId: {
    about: 'channel of that workspace',
    expected: 'a Slack channel id such as C0123ABCD',
    ends: ['C012345', 'G0123456789ABCD'],
    schema: z
      .string()
      .regex(/^[CG][A-Z0-9]{6,14}$/)
      .optional(),
  },
  flushSeconds: {
    about: 'how long Firehose gathers events before it lands them; less is sooner and more requests to S3',
    ...whole('seconds', 0, 900).withDefault(60),
  },
  compactEveryMinutes: {
    about: 'how often new objects are taken into the tables; a tick without new objects starts no query',
    ...whole('minutes', 1, 1440).withDefault(15),
  },
  scanLimitGb: {
    about: 'the most one query may scan before Athena cancels it, in GB of 1,000,000,000 bytes',
    ...whole('GB', 1, 10_000).withDefault(100),
  },
  rawArchiveAfterDays: {
    about: 'when raw lines move to the instant-retrieval archive',
    ...whole('days', 1, 3650).withDefault(90),
  },
  rawExpireAfterDays: {
    about:
      'when raw lines are deleted, 7 days before their last version is; without it never. The tables cannot be rebuilt from what is deleted',
    ...whole('days', 30, 36_500).optional,
  },
  logsKeptDays: {
    about: 'how long pipeline_logs keeps events',
    ...whole('days', 30, 36_500).withDefault(400),
  },
  summariesKeptDays: {
    about: 'how long the run, step and metric tables keep rows',
    ...whole('days', 30, 36_500).withDefault(1095),
  },
  functionLogDays: {
    about: "how long the ledger's own logs are kept",
    ...whole('days', 1, 3653).withDefault(30),
    expected: `one of ${LOG_DAYS.join(', ')} days`,
    schema: whole('days', 1, 3653)
      .withDefault(30)
      .schema.refine((days) => LOG_DAYS.includes(days)),
  },
  dataRemoval: {
    about: 'delete: destroying the stack deletes the data too, if deleteDataOf names it',
    expected: 'keep or delete',
    ends: ['keep', 'delete'],
    schema: z.enum(['keep', 'delete']).default('keep'),
  },
  deleteDataOf: {
    about: 'second key to dataRemoval=delete: the name of the stack whose data may be deleted',
    expected: 'the name of a stack',
    ends: NAME.ends,
    schema: NAME.schema.optional(),
  },
  lakeFormation: {
    about: 'grant through Lake Formation what the functions need: for an account in which it governs new databases',
    ...FLAG,
  },
  lakeFormationReaders: {
    about:
      'ARNs of the roles and users, separated by commas, that Lake Formation shall let read; attach ReaderPolicyArn too',
    ...principals,
  },
  lakeFormationOperators: {
    about:
      'ARNs of the roles and users, separated by commas, that Lake Formation shall let rebuild; attach OperatorPolicyArn too',
    ...principals,
  },
} as const satisfies Readonly<Record<string, Option>>;

/** The options of a deployment. Every one has a default, so `cdk deploy` needs none. */
export type Options = Omit<
  { readonly [Name in keyof typeof OPTIONS]: z.output<(typeof OPTIONS)[Name]['schema']> },
  'stackName'
> & {
  readonly stackName: string;
};

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
  // Twice: the list is JSON in a variable, and Lambda measures the variables as JSON again.
  const bytes = Buffer.byteLength(JSON.stringify(JSON.stringify(patterns)));
  if (bytes > MAX_MASK_BYTES) {
    context.addIssue({ code: 'custom', message: `as JSON with escapes they are ${bytes} bytes` });
  }
}
