import {
  DescribeTasksCommand,
  type ECSClient,
  type Failure,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import type { Restarter } from '../../core/ports/restarter.ts';
import {
  CALL_MS,
  PlatformRefusedError,
  type PlatformSettings,
  platformRestarter,
  stateIn,
} from '../../core/recovery/platform-restarter.ts';
import { startName, startVariables } from '../../core/recovery/start-forms.ts';

export interface EcsSettings extends PlatformSettings {
  /** Tries once: `maxAttempts: 1`. */
  readonly client: ECSClient;
}

/**
 * Runs tasks of ECS, told of the run by the environment of one container. Their client token is made of the run's id, so that
 * a repetition within a day is the same task.
 */
export function openEcs(settings: EcsSettings): Restarter {
  const { client, timeout, hash } = settings;
  const within = () => ({ abortSignal: timeout(CALL_MS) });
  return platformRestarter(
    {
      kind: 'ecs',
      parts: ['cluster', 'task'],
      nameOf: ({ task_definition, cluster }) => `a task of ${task_definition} in the cluster ${cluster}`,
      alreadyStarted: /^ConflictException$/,
      async start(target, start) {
        const { cluster, task_definition, container, subnets, security_groups, assign_public_ip, launch_type } = target;
        const { cpu, memory } = start.run.params;
        const name = startName(start, hash);
        const { tasks = [], failures = [] } = await client.send(
          new RunTaskCommand({
            ...{ cluster, taskDefinition: task_definition, count: 1, launchType: launch_type },
            ...{ clientToken: name, startedBy: name },
            networkConfiguration: {
              awsvpcConfiguration: {
                subnets,
                ...(security_groups !== undefined && { securityGroups: security_groups }),
                // EC2 tasks take no public address, and refuse to be asked.
                ...(launch_type === 'FARGATE' && { assignPublicIp: assign_public_ip ? 'ENABLED' : 'DISABLED' }),
              },
            },
            overrides: { cpu, memory, containerOverrides: [{ name: container, environment: startVariables(start) }] },
          }),
          within(),
        );
        const task = tasks[0]?.taskArn;
        if (task === undefined) throw new PlatformRefusedError(failures.map(failureText).join(', ') || 'no task');
        return { run: { cluster, task }, detail: `task ${task}` };
      },
      stopping: {
        async stateOf({ cluster, task }) {
          const { tasks = [], failures = [] } = await client.send(
            new DescribeTasksCommand({ cluster, tasks: [task] }),
            within(),
          );
          const other = failures.find(({ reason }) => reason !== 'MISSING');
          if (other !== undefined) throw new PlatformRefusedError(failureText(other));
          // What comes after STOPPING is done when the containers have ended.
          return stateIn(tasks[0]?.lastStatus, ['DEPROVISIONING', 'STOPPED', 'DELETED'], []);
        },
        async stop({ cluster, task }) {
          const reason = 'Runledger: it ran for longer than kill_after of its pipeline';
          await client.send(new StopTaskCommand({ cluster, task, reason }), within());
        },
      },
    },
    settings,
  );
}

const failureText = ({ reason = 'a failure', detail }: Failure): string =>
  detail === undefined ? reason : `${reason}: ${detail}`;
