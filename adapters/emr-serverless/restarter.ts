import {
  CancelJobRunCommand,
  type EMRServerlessClient,
  GetJobRunCommand,
  StartJobRunCommand,
} from '@aws-sdk/client-emr-serverless';
import type { Restarter } from '../../core/ports/restarter.ts';
import { CALL_MS, type PlatformSettings, platformRestarter, stateIn } from '../../core/recovery/platform-restarter.ts';
import { sparkProperties, startName } from '../../core/recovery/start-forms.ts';

export interface EmrServerlessSettings extends PlatformSettings {
  /** Tries once: `maxAttempts: 1`. */
  readonly client: EMRServerlessClient;
}

/**
 * Starts Spark jobs of EMR Serverless, told of the run by the environment of driver and executors. Their client token is made
 * of the run's id, so that a repetition is the same job run.
 */
export function openEmrServerless(settings: EmrServerlessSettings): Restarter {
  const { client, timeout, hash } = settings;
  const within = () => ({ abortSignal: timeout(CALL_MS) });
  return platformRestarter(
    {
      kind: 'emr_serverless',
      parts: ['application', 'run'],
      nameOf: ({ application }) => `a job run of the application ${application}`,
      // The same token with another request, and an application that cannot start one now, have one name.
      alreadyStarted: /^ConflictException$/,
      async start({ application, execution_role, spark_submit }, start) {
        const { entry_point, arguments: entryPointArguments, parameters } = spark_submit;
        const name = startName(start, hash);
        const { jobRunId = '' } = await client.send(
          new StartJobRunCommand({
            ...{ applicationId: application, clientToken: name, name, executionRoleArn: execution_role },
            jobDriver: {
              sparkSubmit: { entryPoint: entry_point, entryPointArguments, sparkSubmitParameters: parameters },
            },
            configurationOverrides: {
              applicationConfiguration: [{ classification: 'spark-defaults', properties: sparkProperties(start) }],
            },
          }),
          within(),
        );
        return { run: { application, run: jobRunId }, detail: `job run ${jobRunId} of the application ${application}` };
      },
      stopping: {
        async stateOf({ application, run }) {
          const ids = { applicationId: application, jobRunId: run };
          const { jobRun } = await client.send(new GetJobRunCommand(ids), within());
          return stateIn(jobRun?.state, ['CANCELLED'], ['SUCCESS', 'FAILED']);
        },
        async stop({ application, run }) {
          await client.send(new CancelJobRunCommand({ applicationId: application, jobRunId: run }), within());
        },
      },
    },
    settings,
  );
}
