import { setTimeout } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { openQueryEngine } from '../adapters/athena/query-engine.ts';
import { systemClock } from '../adapters/clock.ts';
import { contentHash } from '../adapters/content-hash.ts';
import { documentClient } from '../adapters/dynamodb/access.ts';
import { openLiveStore } from '../adapters/dynamodb/live-store.ts';
import { openNotificationLog } from '../adapters/dynamodb/notification-log.ts';
import { openWriterLease } from '../adapters/dynamodb/writer-lease.ts';
import { openBus } from '../adapters/eventbridge/bus.ts';
import { openEventSink } from '../adapters/firehose/event-sink.ts';
import { openObjectStore } from '../adapters/s3/object-store.ts';
import { openChannel } from '../adapters/sns/channel.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import { maskOf } from '../core/mask/mask.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { Channel } from '../core/ports/channel.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { WriterLease } from '../core/ports/writer-lease.ts';

/**
 * What stands for what on AWS. Read it beside `local/ports.ts`. Each opener reads what it needs from the function's own
 * environment, so that a function holds the names of those things only that it may use.
 */
export type Env = Readonly<Record<string, string | undefined>>;

export const clock = systemClock;

/** S3 on AWS; files on a laptop. */
export const storeFrom = (env: Env): ObjectStore =>
  openObjectStore({ client: new S3Client(), bucket: setting(env, 'LEDGER_BUCKET') });

/** DynamoDB on AWS; SQLite on a laptop. */
export const liveFrom = (env: Env): LiveStore =>
  openLiveStore({
    ...{ client: documentClient(), table: setting(env, 'LEDGER_TABLE'), clock },
    keepEndedDays: daysOf(env, 'LEDGER_LOGS_KEPT_DAYS'),
  });

export const notificationLogFrom = (env: Env): NotificationLog =>
  openNotificationLog({ client: documentClient(), table: setting(env, 'LEDGER_TABLE') });

export const leaseFrom = (env: Env): WriterLease =>
  openWriterLease({ client: documentClient(), table: setting(env, 'LEDGER_TABLE') });

/** Athena on AWS; DuckDB on a laptop. `tryName` is the invocation: one that Lambda repeats does not run a query twice. */
export const engineFrom = (
  env: Env,
  tryName: string,
  onScanned: (query: string, scannedBytes: number) => void = () => undefined,
): QueryEngine =>
  openQueryEngine({
    client: new AthenaClient(),
    workGroup: setting(env, 'LEDGER_WORKGROUP'),
    database: setting(env, 'LEDGER_DATABASE'),
    bucket: setting(env, 'LEDGER_BUCKET'),
    tryName,
    clock,
    sleep: async (delayMs) => {
      await setTimeout(delayMs);
    },
    random: Math.random,
    onScanned,
  });

/** Firehose on AWS; a thread of its own on a laptop. */
export const sinkFrom = (env: Env): EventSink =>
  openEventSink({ client: new FirehoseClient(), stream: setting(env, 'LEDGER_STREAM') });

/** EventBridge on AWS; on a laptop the stages call each other. */
export const busFrom = (env: Env): Bus => openBus({ client: new EventBridgeClient(), bus: setting(env, 'LEDGER_BUS') });

/** One for each channel, so that each has its own receipt. */
export function channelsFrom(env: Env): Readonly<Record<'email' | 'chat', Channel>> {
  const client = new SNSClient();
  return {
    email: openChannel({ client, topic: setting(env, 'LEDGER_MAIL_TOPIC'), form: 'email' }),
    chat: openChannel({ client, topic: setting(env, 'LEDGER_CHAT_TOPIC'), form: 'chat' }),
  };
}

/** How people call the CLI for a ledger on AWS. */
export const CLI_COMMAND = 'runledger --aws';

export function acceptSettingsFrom(env: Env): AcceptSettings {
  const patterns = z
    .array(z.strictObject({ name: z.string(), pattern: z.string() }))
    .parse(JSON.parse(setting(env, 'LEDGER_MASK_PATTERNS')));
  return {
    environment: setting(env, 'LEDGER_ENVIRONMENT'),
    zone: setting(env, 'LEDGER_ZONE'),
    keepUserEmail: z.enum(['true', 'false']).parse(setting(env, 'LEDGER_KEEP_USER_EMAIL')) === 'true',
    mask: maskOf({ patterns }),
    hash: contentHash,
  };
}

/** Days after which the tables forget. */
export const retentionFrom = (env: Env): { readonly logsDays: number; readonly summariesDays: number } => ({
  logsDays: daysOf(env, 'LEDGER_LOGS_KEPT_DAYS'),
  summariesDays: daysOf(env, 'LEDGER_SUMMARIES_KEPT_DAYS'),
});

const daysOf = (env: Env, name: string): number => z.coerce.number().int().positive().parse(setting(env, name));

function setting(env: Env, name: string): string {
  const result = z.string().min(1).safeParse(env[name]);
  if (result.success) return result.data;
  throw new Error(
    `expected the environment variable ${name}, but came ${env[name] === undefined ? 'none' : 'an empty one'}; deploy the stack again`,
  );
}
