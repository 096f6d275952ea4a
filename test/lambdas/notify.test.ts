import { beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '../../core/alert/alert.ts';
import { noticeOf } from '../../core/alert/notice.ts';
import { handlerOf } from '../../lambdas/notify.ts';
import { aChannel, type FakeChannel } from '../fakes/channel.ts';
import { aClock } from '../fakes/clock.ts';
import { aNotificationLog } from '../fakes/notification-log.ts';
import { aReport } from './fakes.ts';

const alert: Alert = {
  kind: 'failed',
  environment: 'prod',
  process_name: 'customer_daily',
  run_id: 'run-1',
  run_attempt: 1,
  status: 'FAILED',
  occurred_at: '2025-11-03T12:05:00.000Z',
  start_time: '2025-11-03T12:00:00.000Z',
  expected_max_duration_ms: null,
  error_code: 'D201',
  error_message: 'column id is missing',
  error_step: 'extract',
  owner: null,
  cluster_id: null,
};
const said = (detail: unknown = alert) => ({
  id: 'event-1',
  source: 'runledger',
  'detail-type': 'Run Failed',
  time: '2025-11-03T12:05:10Z',
  detail,
});

const command = 'runledger --aws';
let email: FakeChannel;
let chat: FakeChannel;
let clock: ReturnType<typeof aClock>;
let report: ReturnType<typeof aReport>;
let tell: (event: unknown) => Promise<void>;

beforeEach(() => {
  email = aChannel('email');
  chat = aChannel('chat');
  clock = aClock('2025-11-03T12:05:11.000Z');
  report = aReport();
  tell = handlerOf({ channels: { email, chat }, notificationLog: aNotificationLog(), clock, command, report });
});

test('each channel is told once, however often the event comes', async () => {
  await tell(said());
  await tell(said());
  expect([email.sent.length, chat.sent.length]).toEqual([1, 1]);
  expect(report.lines.map(({ counts }) => counts)).toMatchObject([
    { channels: 2, delivered: 2, deduplicated: 0, failed: 0 },
    { channels: 2, delivered: 0, deduplicated: 2, failed: 0 },
  ]);
});

test('a channel that is away is tried again without the other hearing it twice', async () => {
  chat.isDown = true;
  await expect(tell(said())).rejects.toThrow('chat is away');
  chat.isDown = false;
  clock.at = '2025-11-03T12:06:11.000Z';
  await tell(said());
  expect([email.sent.length, chat.sent.length]).toEqual([1, 1]);
});

test('two at one time do not both tell', async () => {
  await Promise.all([tell(said()), tell(said())]);
  expect([email.sent.length, chat.sent.length]).toEqual([1, 1]);
});

test('another attempt, and lateness beside failure, are other alerts', async () => {
  await tell(said());
  await tell(said({ ...alert, run_attempt: 2 }));
  await tell(said({ ...alert, kind: 'late' }));
  expect(email.sent).toHaveLength(3);
});

test('an event that is no alert names what is wrong with it', async () => {
  await expect(tell(said({ kind: 'failed' }))).rejects.toThrow('Expected the detail of Run Failed from runledger');
});

describe('a notice', () => {
  test('says what happened, what to look at and what to type', () => {
    expect(noticeOf(alert, command)).toMatchObject({
      severity: 'P1',
      title: 'customer_daily failed: D201',
      lines: ['column id is missing', expect.stringContaining('schema')],
      next_steps: ['runledger --aws show run-1'],
      facts: { step: 'extract', 'took until then': '5 min' },
    });
  });

  test('of a late run says how long it may take', () => {
    const late = noticeOf(
      {
        ...alert,
        kind: 'late',
        error_code: null,
        error_message: null,
        expected_max_duration_ms: 5_400_000,
      },
      command,
    );
    expect(late).toMatchObject({ severity: 'P3', title: 'customer_daily runs longer than 1 h 30 min', lines: [] });
  });

  test('leaves no id unquoted that a shell would read as more', () => {
    expect(noticeOf({ ...alert, run_id: "it's $(rm)" }, command).next_steps).toEqual([
      `runledger --aws show 'it'\\''s $(rm)'`,
    ]);
  });
});
