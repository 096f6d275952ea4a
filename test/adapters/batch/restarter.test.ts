import { BatchClient } from '@aws-sdk/client-batch';
import { expect, test } from 'vitest';
import { openBatch } from '../../../adapters/batch/restarter.ts';
import { aStart } from '../../contracts/restarter.contract.ts';
import {
  aPlatform,
  atEndpoint,
  fromNamed,
  type PlayedPlatform,
  platformTests,
} from '../../service-models/platform-tests.ts';

const overridesIn = (input: Readonly<Record<string, unknown>>) =>
  input.containerOverrides as { readonly environment: unknown };

const batch: PlayedPlatform = {
  name: 'jobs of AWS Batch',
  service: 'batch',
  open: (endpoint, settings) => openBatch({ ...settings, client: new BatchClient(atEndpoint(endpoint)) }),
  target: (job_definition) => ({ batch: { job_definition, job_queue: 'night' } }),
  start: {
    operation: 'SubmitJob',
    nameIn: ({ jobDefinition }) => String(jobDefinition),
    output: (jobId) => ({ jobId, jobName: 'orders' }),
    told: (input) => fromNamed(overridesIn(input).environment),
  },
  stop: {
    ...{ operation: 'TerminateJob', describe: 'DescribeJobs' },
    idIn: ({ jobId, jobs }) => String(jobId ?? (jobs as readonly string[])[0]),
    output: {},
    described: (jobId, status) => ({
      jobs: [{ jobId, jobName: 'orders', jobQueue: 'night', status, startedAt: 1, jobDefinition: 'orders:1' }],
    }),
    words: { open: 'RUNNING', stopping: 'RUNNABLE', stopped: 'FAILED' },
    unknown: { output: { jobs: [] } },
    ended: 'SUCCEEDED',
  },
  errors: [
    ['ClientException', 'not_started'],
    ['TooManyRequestsException', 'not_started', 429],
    ['ServerException', 'unclear'],
  ],
};
platformTests(batch);

test('resources are overrides of the container, and parameters of the file take those of the run', async () => {
  const { restarter, startCalls } = await aPlatform(batch);
  const target = {
    batch: { job_definition: 'orders', job_queue: 'night', parameters: { day: 'monday', kept: 'yes' } },
  };
  await restarter.start(aStart(target, { params: { MEMORY: '8192', VCPU: '4', day: 'tuesday', other: 'x' } }));
  expect(startCalls()[0]?.input).toMatchObject({
    parameters: { day: 'tuesday', kept: 'yes' },
    containerOverrides: {
      resourceRequirements: [
        { type: 'VCPU', value: '4' },
        { type: 'MEMORY', value: '8192' },
      ],
    },
  });
});
