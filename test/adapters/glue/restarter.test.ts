import { GlueClient } from '@aws-sdk/client-glue';
import { expect, test } from 'vitest';
import { openGlue } from '../../../adapters/glue/restarter.ts';
import { aStart } from '../../contracts/restarter.contract.ts';
import {
  aPlatform,
  atEndpoint,
  fromVariables,
  type PlayedPlatform,
  platformTests,
} from '../../service-models/platform-tests.ts';

const glue: PlayedPlatform = {
  name: 'jobs of Glue',
  service: 'glue',
  open: (endpoint, settings) => openGlue({ ...settings, client: new GlueClient(atEndpoint(endpoint)) }),
  target: (job) => ({ glue: { job, arguments: { input: 's3://in', '--output': 's3://out' } } }),
  start: {
    operation: 'StartJobRun',
    nameIn: ({ JobName }) => String(JobName),
    output: (JobRunId) => ({ JobRunId }),
    told: ({ Arguments }) =>
      fromVariables(
        Object.fromEntries(
          Object.entries(Arguments as object).map(([name, value]) => [name.replace(/^--/, ''), value]),
        ),
      ),
  },
  stop: {
    ...{ operation: 'BatchStopJobRun', describe: 'GetJobRun' },
    idIn: ({ RunId, JobRunIds }) => String(RunId ?? (JobRunIds as readonly string[])[0]),
    output: { SuccessfulSubmissions: [{ JobName: 'orders' }] },
    described: (Id, JobRunState) => ({ JobRun: { Id, JobRunState } }),
    words: { open: 'RUNNING', stopping: 'STOPPING', stopped: 'STOPPED' },
    unknown: { error: 'EntityNotFoundException' },
    ended: 'SUCCEEDED',
  },
  errors: [
    ['EntityNotFoundException', 'not_started'],
    ['InvalidInputException', 'not_started'],
    ['ConcurrentRunsExceededException', 'not_started'],
    ['ResourceNumberLimitExceededException', 'not_started'],
    ['ThrottlingException', 'not_started', 400],
    ['OperationTimeoutException', 'unclear'],
    ['InternalServiceException', 'unclear'],
  ],
};
platformTests(glue);

test('workers and their type are given as such, other parameters as arguments over those of the file', async () => {
  const { restarter, startCalls } = await aPlatform(glue);
  const target = { glue: { job: 'orders', worker_type: 'G.1X', arguments: { day: 'monday', kept: 'yes' } } };
  await restarter.start(aStart(target, { params: { NumberOfWorkers: '6', Timeout: '90', day: 'tuesday' } }));
  expect(startCalls()[0]?.input).toMatchObject({
    ...{ NumberOfWorkers: 6, WorkerType: 'G.1X', Timeout: 90 },
    Arguments: { '--day': 'tuesday', '--kept': 'yes', '--RUNLEDGER_PIPELINE': 'orders' },
  });
  expect(startCalls()[0]?.input.Arguments).not.toHaveProperty('--NumberOfWorkers');
});

test('a stop that Glue refuses in a good answer is told with why', async () => {
  const { restarter, first } = await aPlatform(glue);
  const started = await restarter.start(aStart({ glue: { job: 'orders' } }));
  const ErrorDetail = { ErrorCode: 'JobRunNotInTerminalState', ErrorMessage: 'no' };
  first.push({ operation: 'BatchStopJobRun', answer: { output: { Errors: [{ JobName: 'orders', ErrorDetail }] } } });
  expect(await restarter.stop((started as { handle: string }).handle)).toEqual({
    state: 'not_stopped',
    why: 'expected glue to stop the run, got JobRunNotInTerminalState: no',
  });
});
