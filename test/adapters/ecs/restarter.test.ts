import { ECSClient } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { openEcs } from '../../../adapters/ecs/restarter.ts';
import { aStart } from '../../contracts/restarter.contract.ts';
import {
  aPlatform,
  atEndpoint,
  fromNamed,
  type PlayedPlatform,
  platformTests,
} from '../../service-models/platform-tests.ts';

const taskArn = (id: string) => `arn:aws:ecs:eu-north-1:123456789012:task/night/${id}`;
const ofTask = (task_definition: string, launch_type: 'FARGATE' | 'EC2' = 'FARGATE') => ({
  ecs: { cluster: 'night', task_definition, container: 'job', subnets: ['subnet-1'], launch_type },
});

const ecs: PlayedPlatform = {
  name: 'tasks of ECS',
  service: 'ecs',
  open: (endpoint, settings) => openEcs({ ...settings, client: new ECSClient(atEndpoint(endpoint)) }),
  target: (name) => ofTask(name),
  start: {
    operation: 'RunTask',
    nameIn: ({ taskDefinition }) => String(taskDefinition),
    output: (id) => ({ tasks: [{ taskArn: taskArn(id), lastStatus: 'PROVISIONING' }], failures: [] }),
    told: ({ overrides }) =>
      fromNamed(
        (overrides as { readonly containerOverrides: readonly { readonly environment: unknown }[] })
          .containerOverrides[0]?.environment,
      ),
  },
  stop: {
    ...{ operation: 'StopTask', describe: 'DescribeTasks' },
    idIn: ({ task, tasks }) =>
      String(task ?? (tasks as readonly string[])[0])
        .split('/')
        .at(-1) ?? '',
    output: { task: { lastStatus: 'RUNNING', desiredStatus: 'STOPPED' } },
    described: (id, lastStatus) => ({ tasks: [{ taskArn: taskArn(id), lastStatus }], failures: [] }),
    words: { open: 'RUNNING', stopping: 'STOPPING', stopped: 'DEPROVISIONING' },
    unknown: { output: { tasks: [], failures: [{ arn: taskArn('gone'), reason: 'MISSING' }] } },
  },
  errors: [
    ['ClusterNotFoundException', 'not_started'],
    ['ClientException', 'not_started'],
    ['InvalidParameterException', 'not_started'],
    ['PlatformTaskDefinitionIncompatibilityException', 'not_started'],
    ['AccessDeniedException', 'not_started'],
    ['ThrottlingException', 'not_started', 400],
    ['ConflictException', 'unclear'],
    ['ServerException', 'unclear'],
  ],
};
platformTests(ecs);

test('a good answer without a task is a refusal, with the reason of ECS', async () => {
  const failures = [{ arn: 'arn:aws:ecs:container-instance/1', reason: 'RESOURCE:MEMORY', detail: 'too little' }];
  const { restarter } = await aPlatform(ecs, { output: { tasks: [], failures } });
  expect(await restarter.start(aStart(ofTask('failing')))).toEqual({
    state: 'not_started',
    why: 'expected a task of failing in the cluster night to start, got RESOURCE:MEMORY: too little',
  });
});

test('cpu and memory are overrides of the task; one run has one token; EC2 is not asked for an address', async () => {
  const { restarter, startCalls } = await aPlatform(ecs);
  await restarter.start(aStart(ofTask('orders'), { params: { cpu: '2048', memory: '8192' } }));
  await restarter.start(aStart(ofTask('orders', 'EC2')));
  const [fargate, ec2] = startCalls().map(({ input }) => input);
  expect(fargate).toMatchObject({
    overrides: { cpu: '2048', memory: '8192' },
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], assignPublicIp: 'DISABLED' } },
  });
  expect(fargate?.clientToken).toBe(fargate?.startedBy);
  expect(ec2?.clientToken).toBe(fargate?.clientToken);
  expect(ec2?.networkConfiguration).toEqual({ awsvpcConfiguration: { subnets: ['subnet-1'] } });
});
