import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { S3Client } from '@aws-sdk/client-s3';
import { inject } from 'vitest';
import { openQueryEngine } from '../../../adapters/athena/query-engine.ts';
import { systemClock } from '../../../adapters/clock.ts';
import { documentClient } from '../../../adapters/dynamodb/access.ts';
import { openLiveStore } from '../../../adapters/dynamodb/live-store.ts';
import { openEventSink } from '../../../adapters/firehose/event-sink.ts';
import { openObjectStore } from '../../../adapters/s3/object-store.ts';
import type { LiveSummary } from '../../../core/ports/live-store.ts';
import type { Columns, RowOf } from '../../../core/schema/column-type.ts';
import { defineQuery } from '../../../sql/define-query.ts';
import type { Outputs } from '../deploy.ts';
import { accepted } from '../sent-lines.ts';
import { invoke, until } from './functions.ts';

const client = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

/** The deployed stack, as whoever holds its outputs can use it. */
export function openLedger(outputs: Outputs = inject('outputs')) {
  const aws = { ...client, endpoint: inject('awsUrl') };
  const database = documentClient(aws);
  const live = openLiveStore({ client: database, table: outputs.TableName, clock: systemClock });
  const store = openObjectStore({
    client: new S3Client({ ...aws, forcePathStyle: true }),
    bucket: outputs.BucketName,
  });
  const sink = openEventSink({ client: new FirehoseClient(aws), stream: outputs.StreamName });
  const athena = new AthenaClient({ ...client, endpoint: inject('athenaUrl') });
  const engine = openQueryEngine({
    client: athena,
    workGroup: outputs.WorkgroupName,
    database: outputs.DatabaseName,
    bucket: outputs.BucketName,
    tryName: randomUUID(),
    clock: systemClock,
    sleep,
    random: Math.random,
  });

  /** Waits until every object in the bucket has been tracked. */
  const tracked = (): Promise<LiveSummary> =>
    until(
      'every landed object is tracked',
      async () => ({ ...(await live.summary()), landed: (await keysIn('raw/')).length }),
      ({ objects, landed }) =>
        objects.recorded === 0 && Object.values(objects).reduce((sum, each) => sum + each) === landed,
      120_000,
    );
  const keysIn = async (prefix: string): Promise<readonly string[]> => {
    const keys: string[] = [];
    for await (const { key } of store.list(prefix)) keys.push(key);
    return keys;
  };

  return {
    ...{ outputs, aws, database, live, store, sink, athena, engine, tracked, keysIn },

    /** Waits for an object of such a key. */
    arrival: async (prefix: string, isMeant: (key: string) => boolean): Promise<string> =>
      (await until(`an object below ${prefix}`, async () => (await keysIn(prefix)).find(isMeant), Boolean)) ?? '',

    /** Puts lines through the stream, as one record. */
    send: (lines: readonly string[]) => sink.send([Buffer.from(lines.map((line) => `${line}\n`).join(''))]),

    /** Lands lines as one object, as a stream does that took them in at that hour: accepted already. */
    land: async (key: string, lines: readonly string[]): Promise<void> => {
      const { lines: stamped } = accepted(lines);
      await store.put(key, stamped.map((line) => `${line}\n`).join(''));
    },

    /** Ticks, as the schedules do, until everything that landed has reached every table. */
    settle: (): Promise<LiveSummary> =>
      until(
        'everything that landed reaches every table',
        async () => {
          const { objects } = await tracked();
          if (objects.tracked > 0) await invoke('compact-events');
          // The stages hear of each other on the bus; their schedules only see to what was not heard.
          await invoke('summarize-runs');
          await invoke('aggregate-metrics');
          return tracked();
        },
        ({ objects, due_days }) => objects.tracked + objects.compacted + due_days === 0,
        120_000,
      ),

    /** What a SELECT answers, typed by these columns. */
    ask: <C extends Columns>(text: string, columns: C): Promise<readonly RowOf<C>[]> =>
      engine.query(defineQuery({ name: 'asked', text, parameters: {}, columns }), {}),
  };
}

export type Ledger = ReturnType<typeof openLedger>;
