import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { foldRuns } from '../../core/run/run-fold.ts';
import { applyPipelines } from '../../flows/apply-pipelines.ts';
import { evaluateRuns } from '../../flows/evaluate.ts';
import { trackRuns } from '../../flows/track.ts';
import { handlerOf } from '../../lambdas/notify.ts';
import { anEvent } from '../factories.ts';
import { aBus } from '../fakes/bus.ts';
import { aChannel } from '../fakes/channel.ts';
import { aClock } from '../fakes/clock.ts';
import { judging } from '../fakes/judging.ts';
import { aNotificationLog } from '../fakes/notification-log.ts';
import { aStore } from '../fakes/object-store.ts';
import { aLiveStore, aReport, settings } from './fakes.ts';

const NOW = '2025-11-03T12:05:00.000Z';
let ports: ReturnType<typeof aWorld>;
function aWorld() {
  const live = aLiveStore();
  onTestFinished(() => live.close());
  const otherwise = { email: aChannel('email'), chat: aChannel('chat') };
  return {
    ...judging(),
    ...{ live, store: aStore(), bus: aBus(), clock: aClock(NOW), report: aReport(), hash: settings.hash },
    ...{
      notificationLog: aNotificationLog(),
      otherwise,
      command: 'runledger --aws --stack ledger',
      environment: 'prod',
    },
    channelOf: () => otherwise.email,
  };
}
beforeEach(async () => {
  ports = aWorld();
  const failed = anEvent({ event_type: 'RUN_END', status: 'FAILED', event_time: NOW });
  await evaluateRuns(ports, (await trackRuns(ports.live, foldRuns([failed]))).transitions, NOW);
});
const notify = (event: unknown = { 'detail-type': 'Notices Waiting' }) => handlerOf(ports)(event);

test('each channel is told once, however often the function is called', async () => {
  await notify();
  await notify();
  const { email, chat } = ports.otherwise;
  expect([email.sent.length, chat.sent.length]).toEqual([1, 1]);
  expect(email.sent[0]?.next_steps[0]).toMatch(/^runledger --aws --stack ledger show /);
  expect(ports.report.lines.map(({ counts }) => counts)).toEqual([
    { incidents: 1, pipelines: 0, messages: 2, delivered: 2, undelivered_notices: 0 },
    { incidents: 0, pipelines: 0, messages: 0, delivered: 0, undelivered_notices: 0 },
  ]);
});

test('a channel that is away is reported, and told at a later call; the other is not told twice', async () => {
  const { email, chat } = ports.otherwise;
  chat.isDown = true;
  await notify();
  expect(ports.report.lines[0]).toMatchObject({
    counts: { delivered: 1, undelivered_notices: 1 },
    errors: ['chat is away'],
  });
  chat.isDown = false;
  ports.clock.pass(60_000);
  await notify();
  expect([email.sent.length, chat.sent.length]).toEqual([1, 1]);
});

test('who asked for it is told once that a run started and succeeded', async () => {
  const file = 'version: 1\npipelines: { wanted: { notify: { on_start: true, on_success: true } } }\n';
  const applying = { ...ports, holidays: async () => ({ datesOf: () => [] }), environment: 'prod' };
  await applyPipelines(applying, file, NOW);
  await notify();
  const start = '2025-11-03T12:05:10.000Z';
  const run = { process_name: 'wanted', run_id: 'one' };
  const events = [
    anEvent({ ...run, event_time: start }),
    anEvent({ ...run, event_type: 'RUN_END', status: 'SUCCESS', event_time: '2025-11-03T12:05:40.000Z' }),
  ];
  ports.clock.pass(60_000);
  for (const event of events)
    await evaluateRuns(ports, (await trackRuns(ports.live, foldRuns([event]))).transitions, ports.clock.now());
  await notify();
  await notify();
  const told = ports.otherwise.email.sent.filter(({ process_name }) => process_name === 'wanted');
  expect(told.map(({ kind }) => kind)).toEqual(['started', 'succeeded']);
});

test('a person tries a route: a message that says that it is a test, and nothing that waits', async () => {
  expect(await notify({ test_route: 'chat' })).toMatchObject({ channel: 'chat', delivered: true });
  expect(await notify({ test_route: 'pager' })).toMatchObject({
    delivered: false,
    why: expect.stringContaining('email, chat'),
  });
  const { email, chat } = ports.otherwise;
  expect(chat.sent.map(({ title }) => title)).toEqual([expect.stringContaining('is a test of the route chat')]);
  expect(email.sent).toEqual([]);
});
