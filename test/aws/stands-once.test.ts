import { randomUUID } from 'node:crypto';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { inject } from 'vitest';
import { systemClock } from '../../adapters/clock.ts';
import { documentClient } from '../../adapters/dynamodb/access.ts';
import { openLiveStore } from '../../adapters/dynamodb/live-store.ts';
import { createTableInput } from '../../adapters/dynamodb/table.ts';
import { openObjectStore as openFiles } from '../../adapters/file-system/object-store.ts';
import { openObjectStore as openBucket } from '../../adapters/s3/object-store.ts';
import { openTestLake } from '../agreement/lake.ts';
import { standsOnce, type World } from '../agreement/stands-once.ts';
import { openAwsLake } from './lake.ts';

const aws = {
  region: 'us-east-1',
  endpoint: inject('awsUrl'),
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};
const dynamodb = documentClient(aws);

async function openLive() {
  const table = `stands-once-${randomUUID()}`;
  await dynamodb.send(new CreateTableCommand(createTableInput(table)));
  return openLiveStore({ client: dynamodb, table, clock: systemClock });
}

async function openAws(): Promise<World> {
  const { bucket, engine } = await openAwsLake();
  const client = new S3Client({ ...aws, forcePathStyle: true });
  return { engine, store: openBucket({ client, bucket }), openLive, close: async () => client.destroy() };
}

async function openDynamodbAndDuckdb(): Promise<World> {
  const lake = await openTestLake();
  return { engine: lake.engine, store: openFiles(lake.root), openLive, close: async () => lake.close() };
}

standsOnce('DynamoDB and DuckDB', openDynamodbAndDuckdb, 10);
standsOnce('DynamoDB, S3 and Trino', openAws, 4);
