import { LambdaClient } from '@aws-sdk/client-lambda';
import { openFunctions } from '../../../adapters/lambda/restarter.ts';
import { atEndpoint, fromFacts, platformTests } from '../../service-models/platform-tests.ts';

platformTests({
  name: 'functions of Lambda',
  service: 'lambda',
  open: (endpoint, settings) => openFunctions({ ...settings, client: new LambdaClient(atEndpoint(endpoint)) }),
  target: (name) => ({ lambda: { function: name, payload: { table: 'orders' } } }),
  start: {
    operation: 'Invoke',
    nameIn: ({ FunctionName }) => String(FunctionName),
    output: () => ({ StatusCode: 202 }),
    told: ({ Payload }) => fromFacts(Payload),
  },
  errors: [
    ['ResourceNotFoundException', 'not_started'],
    ['TooManyRequestsException', 'not_started'],
    ['RequestTooLargeException', 'not_started'],
    ['ResourceConflictException', 'not_started'],
    ['InvalidParameterValueException', 'not_started'],
    ['ServiceException', 'unclear'],
    ['ENILimitReachedException', 'unclear'],
  ],
});
