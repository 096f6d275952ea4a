import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { openAnswerEngine } from '../adapters/athena/answer-engine.ts';
import { openBilledAnswers } from '../adapters/athena/billed-answers.ts';
import { openQueryEngine } from '../adapters/athena/query-engine.ts';
import { openQuestions } from '../adapters/athena/questions.ts';
import { openSecrets } from '../adapters/aws-secrets/secrets.ts';
import { systemClock as clock } from '../adapters/clock.ts';
import { isRolledBack } from '../adapters/cloudformation/stack.ts';
import { contentHash } from '../adapters/content-hash.ts';
import { documentClient } from '../adapters/dynamodb/access.ts';
import { openIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { openLiveStore } from '../adapters/dynamodb/live-store.ts';
import { openNotificationLog } from '../adapters/dynamodb/notification-log.ts';
import { openPingNotes } from '../adapters/dynamodb/ping-notes.ts';
import { openPipelineWatches } from '../adapters/dynamodb/pipeline-watches.ts';
import { openRecoveryStore } from '../adapters/dynamodb/recovery-store.ts';
import { openSessionStore } from '../adapters/dynamodb/session-store.ts';
import { openTokenStore } from '../adapters/dynamodb/token-store.ts';
import { openWriterLease } from '../adapters/dynamodb/writer-lease.ts';
import { openBus } from '../adapters/eventbridge/bus.ts';
import { openWakeUps } from '../adapters/eventbridge-scheduler/wake-ups.ts';
import { openEventSink } from '../adapters/firehose/event-sink.ts';
import { pageFolder, readPage } from '../adapters/http/page.ts';
import { openObjectStore } from '../adapters/s3/object-store.ts';
import { sha256 } from '../adapters/sha256.ts';
import { openChannel } from '../adapters/sns/channel.ts';
import { publishText } from '../adapters/sns/text-message.ts';
import { openRetryMessages } from '../adapters/sqs/retry-messages.ts';
import { tokenSecrets } from '../adapters/token-secrets.ts';
import { sendBeat } from '../adapters/webhook/beat.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import { assertSelect } from '../core/assert-select.ts';
import { oneLine } from '../core/cut.ts';
import { maskOf } from '../core/mask/mask.ts';
import { FOLDERS } from '../core/object-keys.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { RunTransition } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { daysBefore } from '../flows/maintain.ts';
import { readUserSalt } from '../flows/user-salt.ts';
import { awsChannels } from './alert-channels.ts';
import { daysOf, type Env, setting } from './env.ts';
import { endedRuns, measuredFrom, measureRuns } from './measured-runs.ts';
import { lakeFrom, sinkFrom, storeFrom, tableFrom } from './ports.ts';
import { report } from './report.ts';
import { AWS_RESTART_KINDS } from './restart-kinds.ts';
import { awsRestarters } from './restarters.ts';
import type { ScanMeter } from './scan-meter.ts';
import type { OpenEngine } from './stage.ts';
import { traced } from './telemetry.ts';
import { leftForStatementsMs } from './with-lease.ts';

/**
 * What each function of the ledger works with, by its environment: it opens only what it may use, and every call to AWS
 * is traced. Throws when a variable is missing. Read it beside `openPorts`.
 */
export async function acceptEventsPorts(env: Env) {
  const store = storeOf(env);
  return { store, settings: await acceptSettingsFrom(env, store), report };
}

export const reacceptFailedPorts = async (env: Env) => ({ ...(await acceptEventsPorts(env)), clock });

export const trackRunsPorts = (env: Env) => ({
  ...evaluatePorts(env, tableOf(env)),
  report,
  measure: measureOf(env),
  retryMessages: openRetryMessages({
    client: traced(new SQSClient({ useQueueUrlAsEndpoint: false })),
    queueUrl: setting(env, 'LEDGER_LANDED_QUEUE'),
  }),
});

/** Nothing where no pipeline is measured. */
function measureOf(env: Env) {
  if (env.LEDGER_MEASURED_PIPELINES === undefined) return undefined;
  const measured = measuredFrom(env);
  return (transitions: readonly RunTransition[]) => measureRuns(endedRuns(transitions, measured));
}

export function checkDeadlinesPorts(env: Env) {
  const secrets = secretsOf();
  return {
    ...evaluatePorts(env, tableOf(env)),
    beat: async (reference: string) => sendBeat(await secrets.read(reference)),
    report,
  };
}

export function notifyPorts(env: Env) {
  const table = tableOf(env);
  return {
    ...judgingPorts(env, table),
    ...channelsOf(env),
    notificationLog: openNotificationLog(table),
    hash: contentHash,
    command: setting(env, 'LEDGER_COMMAND'),
    environment: setting(env, 'LEDGER_ENVIRONMENT'),
    report,
  };
}

export function recoverPorts(env: Env) {
  const table = tableOf(env);
  const scheduler = traced(new SchedulerClient());
  return {
    ...evaluatePorts(env, table),
    restarter: awsRestarters({ secrets: secretsOf(), clock, traced }),
    sink: sinkFrom(env, traced(new FirehoseClient())),
    /** A function cannot have its own name among its settings: the call tells it. */
    wakeUpsOf: (targetArn: string) =>
      openWakeUps({
        client: scheduler,
        group: setting(env, 'LEDGER_WAKE_UP_GROUP'),
        targetArn,
        roleArn: setting(env, 'LEDGER_WAKE_UP_ROLE'),
      }),
    hash: contentHash,
    report,
  };
}

export const applyPipelinesPorts = (env: Env) => ({
  hash: contentHash,
  ...judgingPorts(env, tableOf(env)),
  restartKinds: AWS_RESTART_KINDS,
  environment: setting(env, 'LEDGER_ENVIRONMENT'),
  holidays: async () => (await import('../adapters/holidays/holidays.ts')).openHolidays(clock.now()),
  fileOf: fileReader(traced(new S3Client())),
  report,
});

export function recordSlotsPorts(env: Env) {
  const table = tableOf(env);
  return {
    live: liveOf(env, table),
    watches: openPipelineWatches(table),
    store: storeOf(env),
    environment: setting(env, 'LEDGER_ENVIRONMENT'),
    clock,
    report,
  };
}

export function serveHttpPorts(env: Env) {
  const table = tableOf(env);
  return {
    // API Gateway waits 30 s, and the caller tries again: a throttled stream is told at once.
    sink: openEventSink({ client: traced(new FirehoseClient()), stream: setting(env, 'LEDGER_STREAM'), maxTries: 4 }),
    // The lines are accepted on their way, with the ledger's salt; here only whether they will be is found.
    settings: acceptSettings(env, 'of no line'),
    tokens: openTokenStore({ ...table, secrets: tokenSecrets }),
    notes: openPingNotes({ ...table, clock }),
    live: openLiveStore({ ...table, clock }),
    store: storeOf(env),
    environment: setting(env, 'LEDGER_ENVIRONMENT'),
    newRunId: () => `ping-${randomUUID()}`,
    clock,
    report,
  };
}

export function servePagePorts(env: Env) {
  const table = tableOf(env);
  return {
    ...judgingPorts(env, table),
    tokens: openTokenStore({ ...table, secrets: tokenSecrets }),
    sessions: openSessionStore(table),
    answers: openBilledAnswers({
      ...{ ...lakeFrom(env, traced(new AthenaClient())), clock, assertReadOnly: assertSelect },
      sleep: setTimeout as (delayMs: number) => Promise<void>,
    }),
    page: readPage(pageFolder()),
    hash: contentHash,
    environment: setting(env, 'LEDGER_ENVIRONMENT'),
    where: setting(env, 'LEDGER_WHERE'),
    bucket: setting(env, 'LEDGER_BUCKET'),
    scanLimitBytes: z.coerce.number().parse(setting(env, 'LEDGER_SCAN_LIMIT_BYTES')),
    jwt: z.object({ operators: z.string().optional() }).optional().parse(jwtOf(env)),
    report,
  };
}

export function sendReportPorts(env: Env) {
  const athena = {
    ...{ ...lakeFrom(env, traced(new AthenaClient())), clock, assertReadOnly: assertSelect },
    sleep: setTimeout as (delayMs: number) => Promise<void>,
  };
  const sns = traced(new SNSClient());
  const bucket = setting(env, 'LEDGER_BUCKET');
  return {
    clock,
    store: storeOf(env),
    openAnswers: (tryName: string, scanned: ScanMeter) =>
      openAnswerEngine({ ...athena, tryName, onScanned: scanned.add }),
    publish: (topic: string, subject: string, text: string) => publishText(sns, topic, subject, text),
    // The console asks its user to sign in; an address that opens for everybody would have to be signed, and would end.
    addressOf: (key: string) =>
      `https://console.aws.amazon.com/s3/object/${bucket}?region=${setting(env, 'AWS_REGION')}&prefix=${encodeURIComponent(key)}`,
    prices: () => [],
    plain: oneLine,
    report,
  };
}

/** Who may operate by a JWT; undefined where tokens let callers in. */
const jwtOf = ({ LEDGER_JWT: text }: Env): unknown => (text === undefined ? undefined : JSON.parse(text));

export const recordAccessPorts = (env: Env) => ({
  store: storeOf(env),
  questionOf: openQuestions(traced(new AthenaClient())),
  mask: maskFrom(env),
  report,
});

export function migrateTablesPorts(env: Env) {
  const cloudFormation = traced(new CloudFormationClient());
  return {
    openEngine: enginesOf(env),
    store: storeOf(env),
    makeSalt: randomUUID,
    isRolledBack: (stackId: string) => isRolledBack(cloudFormation, stackId),
    report,
  };
}

export const compactEventsPorts = (env: Env) => ({
  ...stagePorts(env, tableOf(env)),
  store: storeOf(env),
  sink: sinkFrom(env, traced(new FirehoseClient())),
});

export const summarizeRunsPorts = (env: Env) => ({ ...stagePorts(env, tableOf(env)), store: storeOf(env) });

export const aggregateMetricsPorts = (env: Env) => stagePorts(env, tableOf(env));

export function maintainTablesPorts(env: Env) {
  const table = tableOf(env);
  const days = (name: string) => daysOf(env, name);
  return {
    ...stagePorts(env, table),
    ...judgingPorts(env, table),
    sha256,
    // The lifecycle of the bucket deletes; by the next seal another day is over.
    keptFrom: async () => {
      if (env.LEDGER_RAW_KEPT_DAYS === undefined) return {};
      const day = daysBefore(clock.now(), days('LEDGER_RAW_KEPT_DAYS') - 1);
      return { [FOLDERS.raw]: day, [FOLDERS.rejected]: day };
    },
    retention: { logsDays: days('LEDGER_LOGS_KEPT_DAYS'), summariesDays: days('LEDGER_SUMMARIES_KEPT_DAYS') },
  };
}

/** What judges pipelines. */
const judgingPorts = (env: Env, table: Table) => ({
  live: liveOf(env, table),
  incidents: openIncidentStore(table),
  watches: openPipelineWatches(table),
  recoveries: openRecoveryStore(table),
  store: storeOf(env),
  clock,
});

/** Whoever judges them while the ledger runs asks on the bus for notices to be sent, and for decisions to be carried out. */
const evaluatePorts = (env: Env, table: Table) => ({ ...judgingPorts(env, table), bus: busOf(env) });

/** Reads what a deployment brought. */
const fileReader = (client: S3Client) => async (bucket: string, key: string) =>
  new TextDecoder().decode(await openObjectStore({ client, bucket }).get(key));

/** What every stage of the history lane works with. */
const stagePorts = (env: Env, table: Table) => ({
  openEngine: enginesOf(env),
  live: liveOf(env, table),
  lease: openWriterLease(table),
  bus: busOf(env),
  clock,
  report,
});

type Table = ReturnType<typeof tableFrom>;

const tableOf = (env: Env): Table => tableFrom(env, traced(documentClient()));

const liveOf = (env: Env, table: Table): LiveStore =>
  openLiveStore({ ...table, clock, keepEndedDays: daysOf(env, 'LEDGER_LOGS_KEPT_DAYS') });

const storeOf = (env: Env): ObjectStore => storeFrom(env, traced(new S3Client()));

/** On a laptop the stages call each other. */
const busOf = (env: Env): Bus => openBus({ client: traced(new EventBridgeClient()), bus: setting(env, 'LEDGER_BUS') });

/** Engines over one client. `tryName` is the invocation: one that Lambda repeats does not run a query twice. */
function enginesOf(env: Env): OpenEngine {
  const athena = {
    ...lakeFrom(env, traced(new AthenaClient())),
    clock,
    sleep: setTimeout as (delayMs: number) => Promise<void>,
  };
  return (tryName, invocation, scanned) =>
    openQueryEngine({
      ...athena,
      tryName,
      leftMs: () => leftForStatementsMs(invocation),
      onScanned: scanned?.add,
    });
}

const secretsOf = () =>
  openSecrets({ ssm: traced(new SSMClient()), secretsManager: traced(new SecretsManagerClient()) });

function channelsOf(env: Env) {
  const client = traced(new SNSClient());
  return awsChannels({
    clock,
    bus: busOf(env),
    email: openChannel({ client, topic: setting(env, 'LEDGER_MAIL_TOPIC'), form: 'email' }),
    chat: openChannel({ client, topic: setting(env, 'LEDGER_CHAT_TOPIC'), form: 'chat' }),
    secrets: secretsOf(),
  });
}

/** Reads the ledger's salt too: once for every instance of a function. */
export async function acceptSettingsFrom(env: Env, store: ObjectStore): Promise<AcceptSettings> {
  const settings = acceptSettings(env, '');
  return { ...settings, userSalt: await readUserSalt(store) };
}

const acceptSettings = (env: Env, userSalt: string): AcceptSettings => ({
  environment: setting(env, 'LEDGER_ENVIRONMENT'),
  zone: setting(env, 'LEDGER_ZONE'),
  keepUserEmail: z.enum(['true', 'false']).parse(setting(env, 'LEDGER_KEEP_USER_EMAIL')) === 'true',
  userSalt,
  mask: maskFrom(env),
  hash: contentHash,
});

function maskFrom(env: Env): AcceptSettings['mask'] {
  const patterns = z
    .array(z.strictObject({ name: z.string(), pattern: z.string() }))
    .parse(JSON.parse(setting(env, 'LEDGER_MASK_PATTERNS')));
  return maskOf({ patterns });
}
