import {
  BatchStopJobRunCommand,
  GetJobRunCommand,
  type GlueClient,
  StartJobRunCommand,
  type WorkerType,
} from '@aws-sdk/client-glue';
import type { Restarter } from '../../core/ports/restarter.ts';
import {
  CALL_MS,
  PlatformRefusedError,
  type PlatformSettings,
  platformRestarter,
  stateIn,
} from '../../core/recovery/platform-restarter.ts';
import { numberParam, startArguments } from '../../core/recovery/start-forms.ts';

export interface GlueSettings extends PlatformSettings {
  /** Tries once: `maxAttempts: 1`. StartJobRun takes no token, so a second call would be a second run. */
  readonly client: GlueClient;
}

/** Parameters that are no arguments but what a run of Glue is made of. */
const RESOURCES = ['NumberOfWorkers', 'WorkerType', 'Timeout'];

/** Starts runs of Glue jobs, told of the run by arguments `--RUNLEDGER_…`. Glue cannot tell a repetition. */
export function openGlue(settings: GlueSettings): Restarter {
  const { client, timeout } = settings;
  const within = () => ({ abortSignal: timeout(CALL_MS) });
  return platformRestarter(
    {
      kind: 'glue',
      parts: ['job', 'run'],
      nameOf: ({ job }) => `the Glue job ${job}`,
      async start({ job, arguments: own, worker_type }, start) {
        const workerType = start.run.params.WorkerType ?? worker_type;
        const { JobRunId = '' } = await client.send(
          new StartJobRunCommand({
            JobName: job,
            Arguments: startArguments(start, own, RESOURCES),
            NumberOfWorkers: numberParam(start, 'NumberOfWorkers'),
            Timeout: numberParam(start, 'Timeout'),
            ...(workerType !== undefined && { WorkerType: workerType as WorkerType }),
          }),
          within(),
        );
        return { run: { job, run: JobRunId }, detail: `run ${JobRunId} of the Glue job ${job}` };
      },
      stopping: {
        async stateOf({ job, run }) {
          const { JobRun } = await client.send(new GetJobRunCommand({ JobName: job, RunId: run }), within());
          return stateIn(JobRun?.JobRunState, ['STOPPED'], ['SUCCEEDED', 'FAILED', 'TIMEOUT', 'ERROR', 'EXPIRED']);
        },
        async stop({ job, run }) {
          const { Errors = [] } = await client.send(
            new BatchStopJobRunCommand({ JobName: job, JobRunIds: [run] }),
            within(),
          );
          const [error] = Errors;
          if (error !== undefined)
            throw new PlatformRefusedError(`${error.ErrorDetail?.ErrorCode}: ${error.ErrorDetail?.ErrorMessage}`);
        },
      },
    },
    settings,
  );
}
