import { inject } from 'vitest';
import { dynamodbContracts } from '../adapters/dynamodb/contract.aws.ts';
import { eventbridgeContracts } from '../adapters/eventbridge/contract.aws.ts';
import { firehoseBehaviour } from '../adapters/firehose/stream.aws.ts';
import { s3Contracts } from '../adapters/s3/contract.aws.ts';
import { snsBehaviour } from '../adapters/sns/publish.aws.ts';

const aws = {
  region: 'us-east-1',
  endpoint: inject('awsUrl'),
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};

dynamodbContracts(aws);
s3Contracts({ ...aws, forcePathStyle: true });
eventbridgeContracts(aws);
firehoseBehaviour({ ...aws, forcePathStyle: true });
snsBehaviour(aws);
