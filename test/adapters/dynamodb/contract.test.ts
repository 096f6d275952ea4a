import { openNotificationLog } from '../../../adapters/dynamodb/notification-log.ts';
import { openWriterLease } from '../../../adapters/dynamodb/writer-lease.ts';
import { notificationLogContract } from '../../contracts/notification-log.contract.ts';
import { writerLeaseContract } from '../../contracts/writer-lease.contract.ts';
import { aTable } from './a-table.ts';

notificationLogContract('DynamoDB (in memory)', async () => openNotificationLog(aTable()));
writerLeaseContract('DynamoDB (in memory)', async () => openWriterLease(aTable()));
