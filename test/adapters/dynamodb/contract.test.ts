import { openNotificationLog } from '../../../adapters/dynamodb/notification-log.ts';
import { openPingNotes } from '../../../adapters/dynamodb/ping-notes.ts';
import { openTokenStore } from '../../../adapters/dynamodb/token-store.ts';
import { openWriterLease } from '../../../adapters/dynamodb/writer-lease.ts';
import { tokenSecrets } from '../../../adapters/token-secrets.ts';
import { notificationLogContract } from '../../contracts/notification-log.contract.ts';
import { pingNotesContract } from '../../contracts/ping-notes.contract.ts';
import { tokenStoreContract } from '../../contracts/token-store.contract.ts';
import { writerLeaseContract } from '../../contracts/writer-lease.contract.ts';
import { aTable } from './a-table.ts';
import { clock } from './fakes.ts';

notificationLogContract('DynamoDB (in memory)', async () => openNotificationLog(aTable()));
writerLeaseContract('DynamoDB (in memory)', async () => openWriterLease(aTable()));
tokenStoreContract('DynamoDB (in memory)', async () => openTokenStore({ ...aTable(), secrets: tokenSecrets }));
pingNotesContract('DynamoDB (in memory)', async () => openPingNotes({ ...aTable(), clock }));
