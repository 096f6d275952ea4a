import { randomUUID } from 'node:crypto';
import { CreateTableCommand, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../../adapters/dynamodb/access.ts';
import { openIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { openLiveStore } from '../../../adapters/dynamodb/live-store.ts';
import { openNotificationLog } from '../../../adapters/dynamodb/notification-log.ts';
import { openPingNotes } from '../../../adapters/dynamodb/ping-notes.ts';
import { openPipelineWatches } from '../../../adapters/dynamodb/pipeline-watches.ts';
import { openRecoveryStore } from '../../../adapters/dynamodb/recovery-store.ts';
import { createTableInput } from '../../../adapters/dynamodb/table.ts';
import { openTokenStore } from '../../../adapters/dynamodb/token-store.ts';
import { tokenSecrets } from '../../../adapters/token-secrets.ts';
import { incidentStoreContract } from '../../contracts/incident-store.contract.ts';
import { liveStoreContract } from '../../contracts/live-store.contract.ts';
import { notificationLogContract } from '../../contracts/notification-log.contract.ts';
import { pingNotesContract } from '../../contracts/ping-notes.contract.ts';
import { pipelineWatchesContract } from '../../contracts/pipeline-watches.contract.ts';
import { recoveryStoreContract } from '../../contracts/recovery-store.contract.ts';
import { tokenStoreContract } from '../../contracts/token-store.contract.ts';
import { manyWritersBehaviour } from './many-writers.aws.ts';
import { oneTableBehaviour } from './one-table.aws.ts';
import { twinBehaviour } from './twin.aws.ts';
import { watermarkBehaviour } from './watermarks.aws.ts';
import { writerLeaseBehaviour } from './writer-lease.aws.ts';

/** Runs every sentence about the live store, the notification log and the writer lease against a real table, a new one for each. */
export function dynamodbContracts(config: DynamoDBClientConfig): void {
  const client = documentClient(config);
  const newTable = async (): Promise<string> => {
    const table = `contract-${randomUUID()}`;
    await client.send(new CreateTableCommand(createTableInput(table)));
    return table;
  };
  const open = async () =>
    openLiveStore({ client, table: await newTable(), clock: { now: () => '2025-11-03T12:00:00.000Z' } });
  liveStoreContract('DynamoDB', open);
  manyWritersBehaviour(open);
  twinBehaviour(open);
  incidentStoreContract('DynamoDB', async () => openIncidentStore({ client, table: await newTable() }));
  pipelineWatchesContract('DynamoDB', async () => openPipelineWatches({ client, table: await newTable() }));
  recoveryStoreContract('DynamoDB', async () => openRecoveryStore({ client, table: await newTable() }));
  oneTableBehaviour(async () => ({ client, table: await newTable() }));
  notificationLogContract('DynamoDB', async () => openNotificationLog({ client, table: await newTable() }));
  pingNotesContract('DynamoDB', async () =>
    openPingNotes({ client, table: await newTable(), clock: { now: () => '2025-11-03T12:00:00.000Z' } }),
  );
  tokenStoreContract('DynamoDB', async () =>
    openTokenStore({ client, table: await newTable(), secrets: tokenSecrets }),
  );
  watermarkBehaviour(async () => ({ client, table: await newTable() }));
  writerLeaseBehaviour(async () => ({ client, table: await newTable() }));
}
