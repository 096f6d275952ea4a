import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { errorMessage } from '../core/error-message.ts';
import { maskOf } from '../core/mask/mask.ts';
import { problemShown } from '../core/pipelines/problem.ts';
import { readPipelines } from '../core/pipelines/read-pipelines.ts';
import { RESTART_KINDS } from '../core/pipelines/restart-schema.ts';
import { protocolOf } from './alert-subscriber.ts';
import {
  ADOPT,
  FLAG,
  ids,
  json,
  LOG_DAYS,
  list,
  NAME,
  type Option,
  PAGE,
  principals,
  REPORTS,
  whole,
} from './option-kinds.ts';
import { RESTART_TARGETS } from './restart-targets.ts';

const MAX_EMAILS = 50;
const MAX_SUBSCRIBERS = 20;
const MAX_ACCOUNTS = 20;
/** Of three metrics each, at $0.30 a month: docs/cost.md. */
const MAX_MEASURED = 20;
/** All names share the 4 KB of a function's environment. */
const MAX_MEASURED_NAME = 80;
/** CloudWatch takes ASCII as the value of a dimension, and no colon in front. */
const MEASURED_NAME = new RegExp(`^[!-+\\--9;-~][ -+\\--~]{0,${MAX_MEASURED_NAME - 1}}$`);
const KEY_ID = '2c9e3f5a-7d30-4c1e-9b0a-5d6f7a8b9c0d';
/** Of the 4 KB that a function's environment may have in all (quotas of Lambda), as Lambda measures them: as JSON. */
const MAX_MASK_BYTES = 3000;

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
  alertSubscribers: {
    about: 'queues, functions and streams, by ARN, and https addresses that get what the addresses get, as one text',
    expected: `at most ${MAX_SUBSCRIBERS} ARNs of SQS queues, Lambda functions or Firehose streams, or https addresses, separated by commas`,
    ends: [
      [],
      Array.from(
        { length: MAX_SUBSCRIBERS },
        (_, index) =>
          [
            `arn:aws-us-gov:sqs:us-gov-west-1:123456789012:alerts-${index}`,
            `arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:alerts-${index}`,
            `arn:aws-us-gov:firehose:us-gov-west-1:123456789012:deliverystream/alerts-${index}`,
            `https://events.example.com/integration/${index}/enqueue`,
          ].slice(index % 4)[0],
      ),
    ],
    schema: list(
      z.string().refine((given) => protocolOf(given) !== undefined),
      MAX_SUBSCRIBERS,
    ).default([]),
  },
  pipelinesFile: {
    about: 'path of the file of pipelines that a deployment applies: what is expected of each, and who is told',
    expected: 'the path of a file of pipelines without a problem',
    ends: ['examples/pipelines.yaml', 'examples/dependency-inventory/pipelines.yaml'],
    schema: z.string().min(1).superRefine(checkPipelines).optional(),
  },
  restartTargets: RESTART_TARGETS,
  reports: {
    about:
      'reports that are sent by mail, as JSON: [{"period": "day", "emails": ["a@example.com"], "owner": "crm", "environment": "prod", "hour": 6}]; a week ends on Monday; each address has to confirm once',
    ...REPORTS,
  },
  rejectedPerHour: {
    about: 'more rejected lines in an hour than this raise the alarm Rejected',
    ...whole('lines', 0, 1_000_000).withDefault(0),
  },
  flushSeconds: {
    about: 'how long Firehose gathers events before it lands them; less is sooner and more requests to S3',
    ...whole('seconds', 0, 900).withDefault(60),
  },
  trackConcurrency: {
    about: 'how many calls of TrackRuns run at once, at most; a new account has ten for all of its functions',
    ...whole('calls', 2, 1000).withDefault(2),
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
  protect: {
    about: 'guard the stack against `cdk destroy`, and the live table against deletion, until it is false again',
    ...FLAG,
  },
  adopt: {
    about: 'go on with what an earlier stack kept, as JSON: {"bucket": "…", "database": "…", "table": "…"}',
    ...ADOPT,
  },
  kmsKeyArn: {
    about:
      'ARN of the KMS key under which everything lies, instead of keys of AWS; its policy must let services use it',
    expected: 'the ARN of a KMS key',
    ends: [
      `arn:aws:kms:eu-west-1:123456789012:key/${KEY_ID}`,
      `arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-${KEY_ID.replaceAll('-', '')}`,
    ],
    schema: z
      .string()
      .regex(/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-)?[0-9a-f-]{32,36}$/)
      .optional(),
  },
  subnetIds: {
    about: 'ids of the private subnets, separated by commas, in which the functions run',
    ...ids('subnet', 'subnets', 16),
  },
  securityGroupIds: {
    about: 'ids of the security groups, separated by commas, of the functions in these subnets',
    ...ids('sg', 'security groups', 5),
  },
  producerAccounts: {
    about: 'accounts whose pipelines may take a role, ProducerRoleArn, that puts records and does nothing else',
    expected: `at most ${MAX_ACCOUNTS} account ids of 12 digits separated by commas`,
    ends: [[], Array.from({ length: MAX_ACCOUNTS }, (_, index) => String(123_456_789_012 + index))],
    schema: list(z.string().regex(/^\d{12}$/), MAX_ACCOUNTS).default([]),
  },
  producerExternalId: {
    about: 'what those pipelines must say besides when they take the role',
    expected: '2 to 200 letters, digits and +=,.@:/-_',
    ends: ['ab', 'x'.repeat(200)],
    schema: z
      .string()
      .regex(/^[\w+=,.@:/-]{2,200}$/)
      .optional(),
  },
  dashboardPipelines: {
    about:
      'names of the pipelines, separated by commas, whose runs in the environment of the ledger are measured in CloudWatch, with a dashboard; three metrics each, which AWS bills',
    expected: `at most ${MAX_MEASURED} names of at most ${MAX_MEASURED_NAME} printable ASCII characters separated by commas`,
    ends: [[], Array.from({ length: MAX_MEASURED }, (_, index) => `${'pipeline-'.repeat(7)}${index}`)],
    schema: list(z.string().regex(MEASURED_NAME), MAX_MEASURED).default([]),
  },
  accessLog: {
    about: 'record every question that is put to Athena in this workgroup, with its caller, in the view access_log',
    ...FLAG,
  },
  httpApi: {
    about: 'take events and pings over HTTP too, from callers with a named token: `runledger --aws token create`',
    ...FLAG,
  },
  httpRequestsPerSecond: {
    about: 'the most requests a second that the HTTP API lets in, which bounds what callers without a token can cost',
    ...whole('requests', 1, 10_000).withDefault(50),
  },
  page: {
    about:
      'serve the page behind the HTTP API: `true` lets in who has a named token; as JSON, {"issuer": "https://…", "audience": ["…"], "operators": "…"} lets in who has a JWT of that issuer, and lets decide who has that group, role or scope',
    ...PAGE,
  },
  bucketEvents: {
    about: 'have S3 tell EventBridge of each new object, for further consumers of the raw lines',
    ...FLAG,
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

/** Tables of holidays are megabytes: which countries there are is found by the function that applies the file. */
const ANY_COUNTRY = { datesOf: () => [] };

/** The commands of a file run on a laptop. */
const STARTED_IN_AN_ACCOUNT = RESTART_KINDS.filter((kind) => kind !== 'command');

function checkPipelines(path: string, context: z.RefinementCtx): void {
  try {
    const { problems } = readPipelines(readFileSync(path, 'utf8'), ANY_COUNTRY, STARTED_IN_AN_ACCOUNT);
    for (const each of problems) context.addIssue({ code: 'custom', message: problemShown(path, each) });
  } catch (error) {
    context.addIssue({ code: 'custom', message: errorMessage(error) });
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
