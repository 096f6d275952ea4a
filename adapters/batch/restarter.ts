import {
  type BatchClient,
  DescribeJobsCommand,
  type ResourceType,
  SubmitJobCommand,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import type { Restarter } from '../../core/ports/restarter.ts';
import { CALL_MS, type PlatformSettings, platformRestarter, stateIn } from '../../core/recovery/platform-restarter.ts';
import { startName, startVariables } from '../../core/recovery/start-forms.ts';

export interface BatchSettings extends PlatformSettings {
  /** Tries once: `maxAttempts: 1`. SubmitJob takes no token, so a second call would be a second job. */
  readonly client: BatchClient;
}

/** Parameters that are resources of the container, as Batch names them. */
const RESOURCES = ['VCPU', 'MEMORY', 'GPU'] as const satisfies readonly ResourceType[];

/** Submits jobs of AWS Batch, told of the run by the environment of their container. Batch cannot tell a repetition. */
export function openBatch(settings: BatchSettings): Restarter {
  const { client, timeout, hash } = settings;
  const within = () => ({ abortSignal: timeout(CALL_MS) });
  return platformRestarter(
    {
      kind: 'batch',
      parts: ['job'],
      nameOf: ({ job_definition, job_queue }) => `a job of ${job_definition} in the queue ${job_queue}`,
      async start({ job_definition, job_queue, parameters = {} }, start) {
        const { params } = start.run;
        const changed = Object.keys(parameters).flatMap((name) =>
          params[name] === undefined ? [] : [[name, params[name]]],
        );
        const resources = RESOURCES.flatMap((type) =>
          params[type] === undefined ? [] : [{ type, value: params[type] }],
        );
        const { jobId = '' } = await client.send(
          new SubmitJobCommand({
            ...{ jobName: startName(start, hash), jobDefinition: job_definition, jobQueue: job_queue },
            parameters: { ...parameters, ...Object.fromEntries(changed) },
            containerOverrides: {
              environment: startVariables(start),
              ...(resources.length > 0 && { resourceRequirements: resources }),
            },
          }),
          within(),
        );
        return { run: { job: jobId }, detail: `job ${jobId} in the queue ${job_queue}` };
      },
      stopping: {
        async stateOf({ job }) {
          const { jobs = [] } = await client.send(new DescribeJobsCommand({ jobs: [job] }), within());
          // A job that is terminated fails.
          return stateIn(jobs[0]?.status, ['FAILED'], ['SUCCEEDED']);
        },
        async stop({ job }) {
          const reason = 'Runledger: it ran for longer than kill_after of its pipeline';
          await client.send(new TerminateJobCommand({ jobId: job, reason }), within());
        },
      },
    },
    settings,
  );
}
