import { openConsole } from '../adapters/console/channel.ts';
import { contentHash } from '../adapters/content-hash.ts';
import { chatMessage } from '../adapters/sns/chat-message.ts';
import { emailMessage } from '../adapters/sns/email-message.ts';
import { cloudEvents } from '../adapters/webhook/cloud-event.ts';
import { pagerdutyEvents } from '../adapters/webhook/pagerduty-event.ts';
import type { Message } from '../adapters/webhook/post.ts';
import { slackMessage } from '../adapters/webhook/slack-message.ts';
import { teamsCard } from '../adapters/webhook/teams-card.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import type { Condition } from '../core/alert/condition.ts';
import { type Incident, judged, type Subject } from '../core/alert/incident.ts';
import { noticeOf } from '../core/alert/incident-notice.ts';
import type { Notice } from '../core/alert/notice.ts';
import { maskOf } from '../core/mask/mask.ts';
import { expectationFor, expectationsOf } from '../core/pipelines/expectations.ts';
import { readFile } from '../core/pipelines/read-file.ts';
import { foldRuns } from '../core/run/run-fold.ts';
import { toldRunOf } from '../core/run/told-run.ts';
import { acceptRecords } from '../flows/accept.ts';

const FILE = `version: 1
pipelines:
  orders:
    environment: prod
    severity: high
    owner: team-orders
    runbook: https://wiki.example.com/orders
    schedule: { cron: "0 2 * * *", timezone: Europe/Stockholm }
`;
const SUBJECT: Subject = { environment: 'prod', process_name: 'orders', slot: '2025-11-03T01:00:00.000Z' };
const MISSED: Condition = {
  ...{ reason: 'NOT_STARTED', severity: 'P1', occurred_at: '2025-11-03T01:10:00.000Z' },
  text: 'was expected to start at 2025-11-03 02:00 (Europe/Stockholm), and had not by 2025-11-03 02:10',
};
const FAILED: Condition = {
  ...{ reason: 'FAILED', severity: 'P1', occurred_at: '2025-11-03T01:45:00.000Z', run_id: 'run_20251103' },
  text: 'failed in load: D201',
};

/** The story of one slot: missed, then failed, then good; the notice of each change. */
export async function exampleNotices(): Promise<readonly Notice[]> {
  const { file } = readFile(FILE);
  if (file === undefined) throw new Error('the file of the example is wrong');
  const expectation = expectationFor(
    expectationsOf(file, () => []),
    'prod',
    'orders',
  );
  const step = (before: Incident | undefined, now: string, conditions: readonly Condition[], isGood = false) =>
    judged(before, SUBJECT, { conditions, isGood }, { now, holdMs: 0 });
  const missed = step(undefined, '2025-11-03T01:10:20.000Z', [MISSED]);
  const failed = step(missed, '2025-11-03T01:46:10.000Z', [MISSED, FAILED]);
  const good = step(failed, '2025-11-03T03:05:00.000Z', [], true);
  if (good === undefined) throw new Error('expected an incident');
  const { events } = acceptRecords([Buffer.from(LINES.join('\n'))], '2025-11-03T01:46:00.000Z', SETTINGS);
  const [run] = foldRuns(events);
  const told = run && toldRunOf(run);
  return good.outbox.map((change) => {
    // As it is known when it is told.
    const known = change.kind === 'opened' ? undefined : told;
    return noticeOf(good, change, { expectation, told: known, command: 'runledger --aws' });
  });
}

const base = { process_name: 'orders', environment: 'prod', run_id: 'run_20251103' };
const LINES = [
  { ...base, event_type: 'RUN_START', event_time: '2025-11-03T01:40:00.000Z' },
  {
    ...{ ...base, event_type: 'RUN_END', status: 'FAILED', event_time: '2025-11-03T01:45:00.000Z' },
    error: { error_code: 'D201', message: "column 'customer_id' is missing" },
  },
].map((event) => JSON.stringify(event));
const SETTINGS: AcceptSettings = {
  ...{ environment: 'prod', zone: 'UTC', keepUserEmail: false, userSalt: 'a salt of this page', mask: maskOf() },
  hash: contentHash,
};

/** docs/alert-messages.md: what each channel shows, written by the channels themselves. */
export async function describeAlertMessages(): Promise<string> {
  const [missed, failed, over] = await exampleNotices();
  if (missed === undefined || failed === undefined || over === undefined) throw new Error('expected three notices');
  const lines: string[] = [];
  const console = openConsole((line) => void lines.push(line));
  for (const notice of [missed, failed, over]) await console.send(notice);
  const mails = [missed, failed, over].map(emailMessage);
  const posted = (messages: readonly Message[]) => messages.map(({ body }) => json(body)).join('\n\n');
  return `# What each channel shows

Written by the channels themselves (\`npm run docs\`). The story is that of one slot: \`orders\` does not start at two in the morning, its run then fails, and a later one is good. It is one incident and three notices: a mail each, one thread of a chat, one page that resolves itself.

## Console

${fenced(lines.join('\n'))}

## Mail

${mails.map(({ subject, body }) => `Subject: ${subject}\n\n${fenced(body)}`).join('\n\n')}

## Chat, through Amazon Q Developer

Its own schema; a thread is \`metadata.threadId\`. The second notice:

${fenced(json(chatMessage(failed)), 'json')}

## Slack

The second notice, as an incoming webhook takes it:

${fenced(posted(slackMessage(failed)), 'json')}

## Microsoft Teams

The second notice, as an adaptive card:

${fenced(posted(teamsCard(failed)), 'json')}

## PagerDuty

The first and the last notice, under one \`dedup_key\`:

${fenced([missed, over].map((notice) => posted(pagerdutyEvents(notice, 'ROUTING_KEY'))).join('\n\n'), 'json')}

## Webhook

The last notice, a CloudEvent; what stands in each field is told [where the webhook is described](alerts.md#the-webhook):

${fenced(posted(cloudEvents(over, undefined, '2025-11-03T03:05:01.000Z')), 'json')}
`;
}

const json = (text: string): string => JSON.stringify(JSON.parse(text), null, 2);
const fenced = (text: string, language = ''): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
