import { randomUUID } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { openAnswerEngine } from '../adapters/athena/answer-engine.ts';
import { inspectTables, type TableFindings } from '../adapters/athena/inspect.ts';
import type { AthenaOptions } from '../adapters/athena/options.ts';
import { openQueryEngine } from '../adapters/athena/query-engine.ts';
import { openShadowTables } from '../adapters/athena/shadow-tables.ts';
import { contentHash } from '../adapters/content-hash.ts';
import { documentClient } from '../adapters/dynamodb/access.ts';
import { openIncidentStore } from '../adapters/dynamodb/incident-store.ts';
import { openLiveStore } from '../adapters/dynamodb/live-store.ts';
import { openNotificationLog } from '../adapters/dynamodb/notification-log.ts';
import { openPipelineWatches } from '../adapters/dynamodb/pipeline-watches.ts';
import { openRecoveryStore } from '../adapters/dynamodb/recovery-store.ts';
import { openTokenStore } from '../adapters/dynamodb/token-store.ts';
import { setWatermark } from '../adapters/dynamodb/watermarks.ts';
import { openWriterLease, readLease } from '../adapters/dynamodb/writer-lease.ts';
import { openEventSink } from '../adapters/firehose/event-sink.ts';
import { callFunction } from '../adapters/lambda/call-function.ts';
import { openObjectStore } from '../adapters/s3/object-store.ts';
import { sha256 } from '../adapters/sha256.ts';
import { tokenSecrets } from '../adapters/token-secrets.ts';
import type { Seals } from '../core/audit/verify-report.ts';
import type { AnswerEngine } from '../core/ports/answer-engine.ts';
import { type Delivery, deliverySchema } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { TokenStore } from '../core/ports/named-tokens.ts';
import type { NotificationLog } from '../core/ports/notification-log.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { PipelineWatches } from '../core/ports/pipeline-watches.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import type { ShadowTables } from '../core/ports/shadow-tables.ts';
import type { WriterLease } from '../core/ports/writer-lease.ts';
import type { RecoveryKey } from '../core/recovery/recovery.ts';
import type { WatermarkLine } from '../core/recovery/watermark.ts';
import { auditedTokens } from '../flows/record-act.ts';
import { sealsOf } from '../flows/verify.ts';
import { type Env, setting } from './env.ts';

/** What stands for what on AWS when a person asks. Read it beside `local/ports.ts`. */
export interface AwsPorts {
  readonly clock: Clock;
  /** S3 here; files on a laptop. */
  readonly store: ObjectStore;
  /** DynamoDB here; SQLite on a laptop. */
  readonly live: LiveStore;
  /** DynamoDB here; SQLite on a laptop. */
  readonly incidents: IncidentStore;
  readonly watches: PipelineWatches;
  readonly notificationLog: NotificationLog;
  /** DynamoDB here; SQLite on a laptop. */
  readonly recoveries: RecoveryStore;
  /** In the live table, where clients read it; on a laptop they ask the ledger. */
  readonly setLive: (line: WatermarkLine) => Promise<void>;
  /** Carries out what is due of these slots, by the function that may start runs, and waits for it. */
  readonly carryOut: (recoveries: readonly RecoveryKey[]) => Promise<void>;
  /** By the function that may reach people. */
  readonly testRoute: (route: string) => Promise<Delivery>;
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

/** How a person reaches AWS, as the SDK understands it. */
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

/** Opens everything at once, with the caller's own rights. Functions open only what they may use: `function-ports.ts`. */
export function openPorts(env: Env, access: AwsAccess, { clock, assertReadOnly, ...watch }: AwsPortsOptions): AwsPorts {
  const athena = { ...lakeFrom(env, new AthenaClient(access)), tryName: randomUUID(), clock, ...watch };
  const table = tableFrom(env, documentClient(access));
  return {
    clock,
    store: storeFrom(env, new S3Client(access)),
    // A person's commands store no runs, so no days to keep them are needed.
    live: openLiveStore({ ...table, clock }),
    incidents: openIncidentStore(table),
    watches: openPipelineWatches(table),
    notificationLog: openNotificationLog(table),
    recoveries: openRecoveryStore(table),
    setLive: (line) => setWatermark(table, line),
    carryOut: async (recoveries) => {
      await callFunction(new LambdaClient(access), setting(env, 'LEDGER_RECOVER_FUNCTION'), { recoveries });
    },
    testRoute: async (route) =>
      deliverySchema.parse(
        await callFunction(new LambdaClient(access), setting(env, 'LEDGER_NOTIFY_FUNCTION'), { test_route: route }),
      ),
    engine: openQueryEngine(athena),
    answers: openAnswerEngine({ ...athena, assertReadOnly }),
    sink: sinkFrom(env, new FirehoseClient(access)),
    lease: openWriterLease(table),
    leaseOf: (name) => readLease(table, name),
    openShadowTables: () => openShadowTables(athena),
    inspectTables: () => inspectTables(athena),
  };
}

/** The named tokens of the HTTP API. Files on a laptop. */
export const openTokens = (env: Env, access: AwsAccess, clock: Clock): TokenStore =>
  auditedTokens(openTokenStore({ ...tableFrom(env, documentClient(access)), secrets: tokenSecrets }), {
    store: storeFrom(env, new S3Client(access)),
    hash: contentHash,
    clock,
  });

/** What is sealed of a deployed ledger. What may be gone, its manifests say. */
export const openSeals = (env: Env, access: AwsAccess): Seals =>
  sealsOf({ store: storeFrom(env, new S3Client(access)), sha256 });

export const storeFrom = (env: Env, client: S3Client): ObjectStore =>
  openObjectStore({ client, bucket: setting(env, 'LEDGER_BUCKET') });

export const sinkFrom = (env: Env, client: FirehoseClient): EventSink =>
  openEventSink({ client, stream: setting(env, 'LEDGER_STREAM') });

export const tableFrom = (env: Env, client: ReturnType<typeof documentClient>) => ({
  client,
  table: setting(env, 'LEDGER_TABLE'),
});

/** Where the tables are, and how to reach them. */
export const lakeFrom = (env: Env, client: AthenaClient) => ({
  client,
  workGroup: setting(env, 'LEDGER_WORKGROUP'),
  database: setting(env, 'LEDGER_DATABASE'),
  bucket: setting(env, 'LEDGER_BUCKET'),
  random: Math.random,
});
