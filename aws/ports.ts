import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod';
import { openAnswerEngine } from '../adapters/athena/answer-engine.ts';
import { inspectTables, type TableFindings } from '../adapters/athena/inspect.ts';
import type { AthenaOptions } from '../adapters/athena/options.ts';
import { openQueryEngine } from '../adapters/athena/query-engine.ts';
import { openShadowTables } from '../adapters/athena/shadow-tables.ts';
import { systemClock } from '../adapters/clock.ts';
import { contentHash } from '../adapters/content-hash.ts';
import { documentClient } from '../adapters/dynamodb/access.ts';
import { openLiveStore } from '../adapters/dynamodb/live-store.ts';
import { openNotificationLog } from '../adapters/dynamodb/notification-log.ts';
import { openWriterLease, readLease } from '../adapters/dynamodb/writer-lease.ts';
import { openBus } from '../adapters/eventbridge/bus.ts';
import { openEventSink } from '../adapters/firehose/event-sink.ts';
import { openObjectStore } from '../adapters/s3/object-store.ts';
import { openChannel } from '../adapters/sns/channel.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import { maskOf } from '../core/mask/mask.ts';
import type { AnswerEngine } from '../core/ports/answer-engine.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { Channel } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { ShadowTables } from '../core/ports/shadow-tables.ts';
import type { WriterLease } from '../core/ports/writer-lease.ts';
import { readUserSalt } from '../flows/user-salt.ts';

/** What stands for what on AWS when a person asks. Read it beside `local/ports.ts`. */
export interface AwsPorts {
  readonly clock: Clock;
  /** S3 here; files on a laptop. */
  readonly store: ObjectStore;
  /** DynamoDB here; SQLite on a laptop. */
  readonly live: LiveStore;
  /** Athena here; DuckDB on a laptop. */
  readonly engine: QueryEngine;
  readonly answers: AnswerEngine;
  /** Firehose here; a thread of its own on a laptop. */
  readonly sink: EventSink;
  /** Many may write here; on a laptop the process that holds the folder is the only writer. */
  readonly lease: WriterLease;
  readonly leaseOf: (table: string) => ReturnType<typeof readLease>;
  readonly openShadowTables: () => Promise<ShadowTables>;
  readonly inspectTables: () => Promise<TableFindings>;
}

/** The names of a ledger's resources and its settings: a function's own environment, or a record with the same names. */
export type Env = Readonly<Record<string, string | undefined>>;

/** How the caller reaches AWS, as the SDK understands it. A function has nothing to say: its role is in its environment. */
export interface AwsAccess {
  readonly region?: string;
  readonly profile?: string;
}

/** What else a person's program brings: its clock, and how it watches the statements that run in Athena. */
export interface AwsPortsOptions extends Pick<AthenaOptions, 'sleep' | 'signal' | 'onScanned' | 'onProgress'> {
  readonly clock: Clock;
  /** Passes one SELECT over what people may read, or throws `QueryRejectedError`. Athena itself would run anything. */
  readonly assertReadOnly: (sql: string) => Promise<void>;
}

/** Opens everything at once, with the caller's own rights. Functions open only what they may use: the openers below. */
export function openPorts(env: Env, access: AwsAccess, { clock, assertReadOnly, ...watch }: AwsPortsOptions): AwsPorts {
  const athena = athenaFrom(env, access, { tryName: randomUUID(), clock, ...watch });
  const table = tableFrom(env, access);
  return {
    clock,
    store: storeFrom(env, access),
    // A person's commands store no runs, so no days to keep them are needed.
    live: openLiveStore({ ...table, clock }),
    engine: openQueryEngine(athena),
    answers: openAnswerEngine({ ...athena, assertReadOnly }),
    sink: sinkFrom(env, access),
    lease: openWriterLease(table),
    leaseOf: (name) => readLease(table, name),
    openShadowTables: () => openShadowTables(athena),
    inspectTables: () => inspectTables(athena),
  };
}

export const clock = systemClock;

export const storeFrom = (env: Env, access: AwsAccess = {}): ObjectStore =>
  openObjectStore({ client: new S3Client(access), bucket: setting(env, 'LEDGER_BUCKET') });

export const liveFrom = (env: Env): LiveStore =>
  openLiveStore({ ...tableFrom(env), clock, keepEndedDays: daysOf(env, 'LEDGER_LOGS_KEPT_DAYS') });

export const notificationLogFrom = (env: Env): NotificationLog => openNotificationLog(tableFrom(env));

export const leaseFrom = (env: Env): WriterLease => openWriterLease(tableFrom(env));

/** `tryName` is the invocation: one that Lambda repeats does not run a query twice. */
export const engineFrom = (
  env: Env,
  tryName: string,
  onScanned: (query: string, scannedBytes: number) => void = () => undefined,
): QueryEngine => openQueryEngine(athenaFrom(env, {}, { tryName, clock, sleep, onScanned }));

export const sinkFrom = (env: Env, access: AwsAccess = {}): EventSink =>
  openEventSink({ client: new FirehoseClient(access), stream: setting(env, 'LEDGER_STREAM') });

/** On a laptop the stages call each other. */
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

/** Reads the ledger's salt too: once for every instance of a function. */
export async function acceptSettingsFrom(env: Env, store: ObjectStore): Promise<AcceptSettings> {
  const patterns = z
    .array(z.strictObject({ name: z.string(), pattern: z.string() }))
    .parse(JSON.parse(setting(env, 'LEDGER_MASK_PATTERNS')));
  return {
    environment: setting(env, 'LEDGER_ENVIRONMENT'),
    zone: setting(env, 'LEDGER_ZONE'),
    keepUserEmail: z.enum(['true', 'false']).parse(setting(env, 'LEDGER_KEEP_USER_EMAIL')) === 'true',
    userSalt: await readUserSalt(store),
    mask: maskOf({ patterns }),
    hash: contentHash,
  };
}

/** Days after which rows expire. */
export const retentionFrom = (env: Env): { readonly logsDays: number; readonly summariesDays: number } => ({
  logsDays: daysOf(env, 'LEDGER_LOGS_KEPT_DAYS'),
  summariesDays: daysOf(env, 'LEDGER_SUMMARIES_KEPT_DAYS'),
});

const tableFrom = (env: Env, access: AwsAccess = {}) => ({
  client: documentClient(access),
  table: setting(env, 'LEDGER_TABLE'),
});

const athenaFrom = (
  env: Env,
  access: AwsAccess,
  options: Omit<AthenaOptions, 'client' | 'workGroup' | 'database' | 'bucket' | 'random'>,
): AthenaOptions => ({
  client: new AthenaClient(access),
  workGroup: setting(env, 'LEDGER_WORKGROUP'),
  database: setting(env, 'LEDGER_DATABASE'),
  bucket: setting(env, 'LEDGER_BUCKET'),
  random: Math.random,
  ...options,
});

const sleep = (delayMs: number): Promise<void> => setTimeout(delayMs);

const daysOf = (env: Env, name: string): number => z.coerce.number().int().positive().parse(setting(env, name));

function setting(env: Env, name: string): string {
  const result = z.string().min(1).safeParse(env[name]);
  if (result.success) return result.data;
  throw new Error(
    `expected the environment variable ${name}, but got ${env[name] === undefined ? 'none' : 'an empty one'}; deploy the stack again`,
  );
}
