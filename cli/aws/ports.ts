import { randomUUID } from 'node:crypto';
import { AthenaClient } from '@aws-sdk/client-athena';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { openAnswerEngine } from '../../adapters/athena/answer-engine.ts';
import { inspectTables, type TableFindings } from '../../adapters/athena/inspect.ts';
import type { AthenaOptions } from '../../adapters/athena/options.ts';
import { openQueryEngine } from '../../adapters/athena/query-engine.ts';
import { openShadowTables } from '../../adapters/athena/shadow-tables.ts';
import { assertReadOnlyElsewhere } from '../../adapters/duckdb/select-guard.ts';
import { documentClient } from '../../adapters/dynamodb/access.ts';
import { openLiveStore } from '../../adapters/dynamodb/live-store.ts';
import { openWriterLease, readLease } from '../../adapters/dynamodb/writer-lease.ts';
import { openEventSink } from '../../adapters/firehose/event-sink.ts';
import { openObjectStore } from '../../adapters/s3/object-store.ts';
import type { AnswerEngine } from '../../core/ports/answer-engine.ts';
import type { EventSink } from '../../core/ports/event-sink.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import type { ShadowTables } from '../../core/ports/shadow-tables.ts';
import type { WriterLease } from '../../core/ports/writer-lease.ts';
import type { Io } from '../io.ts';
import type { Outputs } from './outputs.ts';
import type { WatchedQueries } from './watched-queries.ts';

/** How the caller reaches AWS, as the SDK understands it. */
export interface AwsAccess {
  readonly region?: string;
  readonly profile?: string;
}

/** What stands for what when a person asks. Read it beside `aws/ports.ts`. */
export interface AwsPorts {
  readonly store: ObjectStore;
  readonly live: LiveStore;
  readonly lease: WriterLease;
  readonly engine: QueryEngine;
  readonly openShadowTables: () => Promise<ShadowTables>;
  readonly inspectTables: () => Promise<TableFindings>;
  readonly leaseOf: (name: string) => ReturnType<typeof readLease>;
  readonly answers: AnswerEngine;
  readonly sink: EventSink;
}

export function openAwsPorts(access: AwsAccess, outputs: Outputs, io: Io, watched: WatchedQueries): AwsPorts {
  const { BucketName, DatabaseName, WorkgroupName, StreamName, TableName } = outputs;
  const table = { client: documentClient(access), table: TableName };
  const athena: AthenaOptions = {
    client: new AthenaClient(access),
    workGroup: WorkgroupName,
    database: DatabaseName,
    bucket: BucketName,
    tryName: randomUUID(),
    clock: io.clock,
    random: Math.random,
    ...watched.options,
  };
  return {
    store: openObjectStore({ client: new S3Client(access), bucket: BucketName }),
    live: openLiveStore({ ...table, clock: io.clock }),
    lease: openWriterLease(table),
    engine: openQueryEngine(athena),
    openShadowTables: () => openShadowTables(athena),
    inspectTables: () => inspectTables(athena),
    leaseOf: (name) => readLease(table, name),
    answers: openAnswerEngine({ ...athena, assertReadOnly: assertReadOnlyElsewhere }),
    sink: openEventSink({ client: new FirehoseClient(access), stream: StreamName }),
  };
}
