import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { inject } from 'vitest';
import type { AthenaOptions } from '../../adapters/athena/options.ts';
import { openQueryEngine } from '../../adapters/athena/query-engine.ts';
import { systemClock } from '../../adapters/clock.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { openGlue } from './facade/glue.ts';

export interface AwsLake {
  readonly bucket: string;
  readonly database: string;
  readonly engine: QueryEngine;
  readonly athena: AthenaClient;
  /** The engine anew, with other options. */
  open(options?: Partial<AthenaOptions>): QueryEngine;
  put(object: string, content: string | Uint8Array): Promise<void>;
  writeObject(object: string, lines: readonly string[]): Promise<void>;
}

const client = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** A bucket and a database of their own on the emulated AWS, with the ledger's tables made unless said otherwise. */
export async function openAwsLake({ migrated = true } = {}): Promise<AwsLake> {
  const name = `lake-${randomUUID().slice(0, 8)}`;
  const database = name.replace('-', '_');
  const s3 = new S3Client({ ...client, endpoint: inject('awsUrl'), forcePathStyle: true });
  const athena = new AthenaClient({ ...client, endpoint: inject('athenaUrl') });
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  await openGlue(inject('awsUrl')).createDatabase(database);
  const open = (options: Partial<AthenaOptions> = {}) =>
    openQueryEngine({
      client: athena,
      workGroup: 'primary',
      database,
      bucket: name,
      tryName: randomUUID(),
      clock: systemClock,
      sleep,
      random: Math.random,
      ...options,
    });
  const put = async (object: string, content: string | Uint8Array) => {
    await s3.send(new PutObjectCommand({ Bucket: name, Key: object, Body: content }));
  };
  const engine = open();
  if (migrated) await engine.migrate();
  return {
    bucket: name,
    database,
    engine,
    athena,
    open,
    put,
    writeObject: (object, lines) => put(object, lines.map((line) => `${line}\n`).join('')),
  };
}
