import { beforeEach, expect, test } from 'vitest';
import type { Alert } from '../../core/alert/alert.ts';
import { notify } from '../../flows/notify.ts';
import { aChannel } from '../fakes/channel.ts';
import { aClock } from '../fakes/clock.ts';
import { aNotificationLog } from '../fakes/notification-log.ts';

const alert: Alert = {
  kind: 'failed',
  environment: 'prod',
  process_name: 'customer_daily',
  run_id: 'run-1',
  run_attempt: 1,
  status: 'FAILED',
  occurred_at: '2025-11-03T12:05:00.000Z',
  start_time: null,
  expected_max_duration_ms: null,
  error_code: null,
  error_message: null,
  error_step: null,
  owner: null,
  cluster_id: null,
};

let email: ReturnType<typeof aChannel>;
let chat: ReturnType<typeof aChannel>;
let clock: ReturnType<typeof aClock>;
let notificationLog: ReturnType<typeof aNotificationLog>;
beforeEach(() => {
  email = aChannel('email');
  chat = aChannel('chat');
  clock = aClock('2025-11-03T12:05:10.000Z');
  notificationLog = aNotificationLog();
});
const send = (more: Partial<Alert> = {}) =>
  notify({ channels: { email, chat }, notificationLog, clock, command: 'runledger --aws' }, { ...alert, ...more });

test('each channel gets an alert once, and the counts add up', async () => {
  expect(await send()).toEqual({ channels: 2, delivered: 2, deduplicated: 0, failed: 0, errors: [] });
  expect(await send()).toEqual({ channels: 2, delivered: 0, deduplicated: 2, failed: 0, errors: [] });
  expect([email.sent.length, chat.sent.length]).toEqual([1, 1]);
  expect(email.sent[0]).toMatchObject({ title: 'customer_daily failed', next_steps: ['runledger --aws show run-1'] });
});

test('a channel that failed gets it again a minute later; the other does not', async () => {
  chat.isDown = true;
  expect(await send()).toEqual({ channels: 2, delivered: 1, deduplicated: 0, failed: 1, errors: ['chat is away'] });
  chat.isDown = false;
  clock.at = '2025-11-03T12:06:10.000Z';
  expect(await send()).toEqual({ channels: 2, delivered: 1, deduplicated: 1, failed: 0, errors: [] });
  expect([email.sent.length, chat.sent.length]).toEqual([1, 1]);
});

test('while another try may still be sending, nothing is sent; from the moment its claim ends it is sent again', async () => {
  chat.isDown = true;
  await send();
  clock.at = '2025-11-03T12:05:50.000Z';
  expect(await send()).toMatchObject({ deduplicated: 2, failed: 0 });
  clock.at = '2025-11-03T12:05:55.000Z';
  expect(await send()).toMatchObject({ deduplicated: 1, failed: 1 });
});

test('another attempt and another kind are other alerts', async () => {
  await send();
  expect(await send({ run_attempt: 2 })).toMatchObject({ delivered: 2 });
  expect(await send({ kind: 'late' })).toMatchObject({ delivered: 2 });
});
