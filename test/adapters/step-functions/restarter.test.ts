import { SFNClient } from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import { openStepFunctions } from '../../../adapters/step-functions/restarter.ts';
import { aStart } from '../../contracts/restarter.contract.ts';
import {
  aPlatform,
  atEndpoint,
  fromFacts,
  type PlayedPlatform,
  platformTests,
} from '../../service-models/platform-tests.ts';

const ARN = 'arn:aws:states:eu-north-1:123456789012';
const arn = (name: string) => `${ARN}:stateMachine:${name}`;

const stepFunctions: PlayedPlatform = {
  name: 'executions of Step Functions',
  service: 'stepfunctions',
  open: (endpoint, settings) => openStepFunctions({ ...settings, client: new SFNClient(atEndpoint(endpoint)) }),
  target: (name) => ({ step_functions: { state_machine: arn(name), input: { table: 'orders', workers: 4 } } }),
  start: {
    operation: 'StartExecution',
    nameIn: ({ stateMachineArn }) => String(stateMachineArn).split(':').at(-1) ?? '',
    output: (id) => ({ executionArn: `${ARN}:execution:orders:${id}`, startDate: 1_762_128_000 }),
    told: ({ input }) => fromFacts(input),
  },
  stop: {
    ...{ operation: 'StopExecution', describe: 'DescribeExecution' },
    idIn: ({ executionArn }) => String(executionArn).split(':').at(-1) ?? '',
    output: { stopDate: 1_762_128_000 },
    described: (id, status) => ({
      ...{ executionArn: `${ARN}:execution:orders:${id}`, stateMachineArn: arn('orders'), status },
      startDate: 1_762_128_000,
    }),
    // A stop is done when it is answered, or after the state machine has noticed.
    words: { open: 'RUNNING', stopping: 'PENDING_REDRIVE', stopped: 'ABORTED' },
    unknown: { error: 'ExecutionDoesNotExist' },
    ended: 'SUCCEEDED',
  },
  errors: [
    ['StateMachineDoesNotExist', 'not_started'],
    ['StateMachineDeleting', 'not_started'],
    ['InvalidExecutionInput', 'not_started'],
    ['ExecutionLimitExceeded', 'not_started'],
    ['ThrottlingException', 'not_started', 400],
    ['ExecutionAlreadyExists', 'unclear'],
    ['InternalServerError', 'unclear', 500],
    ['ServiceUnavailable', 'unclear', 503],
  ],
};
platformTests(stepFunctions);

test('the execution of one run has one name, which Step Functions takes once', async () => {
  const { restarter, startCalls } = await aPlatform(stepFunctions);
  for (const run_id of ['täglich/1 try2', 'täglich/1 try2', 'x'.repeat(300), '日本'])
    await restarter.start(aStart(stepFunctions.target('orders'), { run_id }));
  const names = startCalls().map(({ input }) => String(input.name));
  expect(names[0]).toBe(names[1]);
  expect(names[0]).toMatch(/^t-glich-1-try2-[0-9a-f]{32}$/);
  expect(names[2]).toMatch(/^x{27}-[0-9a-f]{32}$/);
  expect(names[3]).toMatch(/^run-[0-9a-f]{32}$/);
});

test('a parameter replaces what has its name in the input, as a number where that is one', async () => {
  const { restarter, startCalls } = await aPlatform(stepFunctions);
  await restarter.start(aStart(stepFunctions.target('orders'), { params: { workers: '6', other: 'x' } }));
  const input = JSON.parse(String(startCalls()[0]?.input.input));
  expect(input).toMatchObject({ table: 'orders', workers: 6, runledger: { params: { workers: '6', other: 'x' } } });
  expect(input).not.toHaveProperty('other');
});
