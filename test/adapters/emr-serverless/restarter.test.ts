import { EMRServerlessClient } from '@aws-sdk/client-emr-serverless';
import { expect, test } from 'vitest';
import { openEmrServerless } from '../../../adapters/emr-serverless/restarter.ts';
import { aStart } from '../../contracts/restarter.contract.ts';
import {
  aPlatform,
  atEndpoint,
  fromVariables,
  type PlayedPlatform,
  platformTests,
} from '../../service-models/platform-tests.ts';

const ROLE = 'arn:aws:iam::123456789012:role/orders';
const propertiesOf = (input: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> => {
  const { applicationConfiguration } = input.configurationOverrides as {
    readonly applicationConfiguration: readonly { readonly properties: Readonly<Record<string, string>> }[];
  };
  return applicationConfiguration[0]?.properties ?? {};
};

const emr: PlayedPlatform = {
  name: 'job runs of EMR Serverless',
  service: 'emr-serverless',
  open: (endpoint, settings) =>
    openEmrServerless({ ...settings, client: new EMRServerlessClient(atEndpoint(endpoint)) }),
  target: (application) => ({
    emr_serverless: { application, execution_role: ROLE, spark_submit: { entry_point: 's3://code/orders.py' } },
  }),
  start: {
    operation: 'StartJobRun',
    nameIn: ({ applicationId }) => String(applicationId),
    output: (jobRunId) => ({ applicationId: 'orders', jobRunId, arn: `${ARN()}/${jobRunId}` }),
    told: (input) =>
      fromVariables(
        Object.fromEntries(
          Object.entries(propertiesOf(input)).flatMap(([name, value]) =>
            name.startsWith('spark.emr-serverless.driverEnv.') ? [[name.split('.').at(-1) ?? '', value]] : [],
          ),
        ),
      ),
  },
  stop: {
    ...{ operation: 'CancelJobRun', describe: 'GetJobRun' },
    idIn: ({ jobRunId }) => String(jobRunId),
    output: { applicationId: 'orders', jobRunId: 'run' },
    described: (jobRunId, state) => ({
      jobRun: {
        ...{ applicationId: 'orders', jobRunId, arn: `${ARN()}/${jobRunId}`, createdBy: ROLE, executionRole: ROLE },
        ...{
          createdAt: 1_762_128_000,
          updatedAt: 1_762_128_000,
          state,
          stateDetails: 'none',
          releaseLabel: 'emr-7.9.0',
        },
        jobDriver: { sparkSubmit: { entryPoint: 's3://code/orders.py' } },
      },
    }),
    words: { open: 'RUNNING', stopping: 'CANCELLING', stopped: 'CANCELLED' },
    unknown: { error: 'ResourceNotFoundException' },
    ended: 'SUCCESS',
  },
  errors: [
    ['ResourceNotFoundException', 'not_started'],
    ['ValidationException', 'not_started'],
    ['ThrottlingException', 'not_started', 429],
    ['ConflictException', 'unclear'],
    ['InternalServerException', 'unclear'],
  ],
};
platformTests(emr);

function ARN(): string {
  return 'arn:aws:emr-serverless:eu-north-1:123456789012:/applications/orders/jobruns';
}

test('one run has one client token; parameters of Spark are properties', async () => {
  const { restarter, startCalls } = await aPlatform(emr);
  const params = { 'spark.executor.memory': '8g', other: 'x' };
  for (const run_id of ['a', 'a', 'b']) await restarter.start(aStart(emr.target('orders'), { run_id, params }));
  const tokens = startCalls().map(({ input }) => input.clientToken);
  expect(tokens[0]).toBe(tokens[1]);
  expect(tokens[0]).not.toBe(tokens[2]);
  expect(propertiesOf(startCalls()[0]?.input ?? {})).toMatchObject({
    ...{ 'spark.executor.memory': '8g', 'spark.executorEnv.RUNLEDGER_RUN_ID': 'a' },
    'spark.emr-serverless.driverEnv.RUNLEDGER_PARAMS': JSON.stringify(params),
  });
});
