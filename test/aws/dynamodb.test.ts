import { inject } from 'vitest';
import { dynamodbContracts } from '../adapters/dynamodb/contract.aws.ts';

dynamodbContracts({
  region: 'us-east-1',
  endpoint: inject('awsUrl'),
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
