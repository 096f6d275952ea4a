import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { invoke, until } from './functions.ts';
import { openLedger } from './ledger.ts';
import { anew, aRun, hoursAgo, line } from './told.ts';

const ledger = openLedger();
const sqs = new SQSClient(ledger.aws);
const sns = new SNSClient(ledger.aws);
/** A queue takes nothing from a topic that its policy does not let in. */
const TAKES_NOTICES = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' },
  ],
});
let queue = '';
afterAll(() => ledger.live.close());
beforeAll(async () => {
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: anew('alerts'), Attributes: { Policy: TAKES_NOTICES } }),
  );
  queue = QueueUrl ?? '';
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  for (const TopicArn of [ledger.outputs.MailTopicArn, ledger.outputs.ChatTopicArn])
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
});

const received: string[] = [];
/** What both topics have said of this pipeline until now. */
async function toldOf(process: string): Promise<readonly { readonly topic: string; readonly text: string }[]> {
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) break;
    received.push(...Messages.map(({ Body = '' }) => Body));
    const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }));
  }
  return received
    .filter((body) => body.includes(process))
    .map((body) => {
      const { TopicArn, Message } = JSON.parse(body) as { readonly TopicArn: string; readonly Message: string };
      return { topic: TopicArn, text: Message };
    });
}

const bothTopics = [ledger.outputs.ChatTopicArn, ledger.outputs.MailTopicArn].sort();
const topicsOf = (told: readonly { readonly topic: string }[]) => told.map(({ topic }) => topic).sort();
const untilTold = (process: string, times: number) =>
  until(
    `${times} messages of ${process}`,
    () => toldOf(process),
    (told) => told.length >= times,
  );

test('a failed run is told once on each topic, however often its events come', async () => {
  const process = anew('failing');
  const failed = [
    line({ process_name: process, run_id: 'run', event_type: 'RUN_START', created_at: hoursAgo(0.2) }),
    line({
      ...{ process_name: process, run_id: 'run', event_type: 'RUN_END', status: 'FAILED', created_at: hoursAgo(0.1) },
      error: { error_code: 'D201', message: 'a column is missing' },
    }),
  ];
  await ledger.send(failed);
  const told = await untilTold(process, 2);
  expect(topicsOf(told)).toEqual(bothTopics);
  for (const { text } of told) expect(text).toContain('a column is missing');

  await ledger.send([...failed, line({ process_name: process, run_id: 'run', event_type: 'HEARTBEAT' })]);
  await ledger.tracked();
  await invoke('check-deadlines');
  const other = anew('after');
  await ledger.send(failed.map((each) => each.replace(process, other)));
  await untilTold(other, 2);
  expect(topicsOf(await toldOf(process))).toEqual(bothTopics);
});

test('a run over its SLA is told once on each topic, by the clock alone', async () => {
  const process = anew('slow');
  const start = { process_name: process, run_id: 'run', event_type: 'RUN_START', created_at: hoursAgo(0.5) };
  await ledger.send([line({ ...start, sla: { expected_max_duration_ms: 600_000 } })]);
  await ledger.tracked();
  for (let looks = 0; looks < 2; looks++) await invoke('check-deadlines');
  const told = await untilTold(process, 2);
  expect(topicsOf(told)).toEqual(bothTopics);
  for (const { text } of told) expect(text).toContain('longer than 10 min');
  await invoke('check-deadlines');
  await ledger.send([line({ ...start, event_type: 'RUN_END', status: 'SUCCESS', created_at: hoursAgo(0) })]);
  await ledger.tracked();
  const other = anew('after');
  await ledger.send([line({ ...start, process_name: other, event_type: 'RUN_END', status: 'FAILED' })]);
  await untilTold(other, 2);
  expect(topicsOf(await toldOf(process))).toEqual(bothTopics);
});

test('a run that went well, a backfill, and a failure of last week are told to nobody', async () => {
  const [well, backfill, old, other] = [anew('well'), anew('backfill'), anew('old'), anew('after')];
  const failed = { run_id: 'run', event_type: 'RUN_END', status: 'FAILED', created_at: hoursAgo(0.1) };
  await ledger.send([
    ...aRun(well, 'run', hoursAgo(0.5)),
    line({ ...failed, process_name: backfill, run_mode: 'backfill' }),
    line({ ...failed, process_name: old, created_at: hoursAgo(24 * 7) }),
    line({ ...failed, process_name: other }),
  ]);
  await untilTold(other, 2);
  for (const process of [well, backfill, old]) expect(await toldOf(process)).toEqual([]);
});
