import { expect, test, vi } from 'vitest';
import { AWS_RESTART_KINDS } from '../../aws/restart-kinds.ts';
import { awsRestarters } from '../../aws/restarters.ts';
import { RESTART_KINDS } from '../../core/pipelines/restart-schema.ts';
import { aStart } from '../contracts/restarter.contract.ts';
import { serveModel } from '../service-models/server.ts';

const settings = {
  clock: { now: () => '2025-11-03T12:00:00.000Z' },
  secrets: { read: async () => 'https://127.0.0.1:1/' },
  pause: async () => undefined,
};

const accessTo = (endpoint: string) => ({
  ...{ endpoint, region: 'eu-north-1' },
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
});

test('an account starts all targets there are but the commands of a laptop', () => {
  expect([...AWS_RESTART_KINDS, 'command'].sort()).toEqual([...RESTART_KINDS].sort());
});

test('a command is refused, with what can be started', async () => {
  expect(await awsRestarters(settings).start(aStart({ command: { run: ['job'] } }))).toMatchObject({
    state: 'not_started',
    why: expect.stringMatching(/^expected a target that an account starts \(http, glue, .*\), but got command$/),
  });
});

test('a run is started and stopped by the platform that its target and its handle name, by one client', async () => {
  const service = await serveModel('glue', ({ operation }) => {
    if (operation === 'StartJobRun') return { output: { JobRunId: 'jr_1' } };
    return { output: { JobRun: { JobRunState: 'SUCCEEDED' } } };
  });
  const clients: unknown[] = [];
  const restarter = awsRestarters({
    ...settings,
    access: accessTo(service.url),
    traced: (client) => {
      clients.push(client);
      return client;
    },
  });
  expect(clients).toEqual([]);
  const started = await restarter.start(aStart({ glue: { job: 'orders' } }));
  expect(started).toMatchObject({ state: 'started', detail: 'run jr_1 of the Glue job orders' });
  expect(await restarter.stop((started as { handle: string }).handle)).toEqual({ state: 'gone' });
  expect(clients).toHaveLength(1);
  expect(service.calls.map(({ operation }) => operation)).toEqual(['StartJobRun', 'GetJobRun']);
});

test('a start that the platform could not answer is not sent again, whatever the environment says of attempts', async () => {
  vi.stubEnv('AWS_MAX_ATTEMPTS', '5');
  const service = await serveModel('glue', () => ({ error: 'InternalServiceException' }));
  const restarter = awsRestarters({ ...settings, access: accessTo(service.url) });
  expect(await restarter.start(aStart({ glue: { job: 'orders' } }))).toMatchObject({ state: 'unclear' });
  expect(service.calls).toHaveLength(1);
  vi.unstubAllEnvs();
});

test.each(['', '{}', '{"kind":"command"}', '{"kind":"http"}', '{"kind":"glue"}', '{"kind":"ecs","cluster":""}'])(
  'stops nothing by the handle %s',
  async (handle) => {
    expect(await awsRestarters(settings).stop(handle)).toMatchObject({ state: 'not_stopped', why: /^expected / });
  },
);
