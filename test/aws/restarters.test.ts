import { inject } from 'vitest';
import { lambdaContract } from '../adapters/lambda/restarter.aws.ts';
import { stepFunctionsContract } from '../adapters/step-functions/restarter.aws.ts';
import { aRole } from './a-role.ts';

const aws = {
  region: 'us-east-1',
  endpoint: inject('awsUrl'),
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};

stepFunctionsContract(aws, () => aRole(aws, 'states.amazonaws.com'));
lambdaContract(aws, () => aRole(aws, 'lambda.amazonaws.com'));
