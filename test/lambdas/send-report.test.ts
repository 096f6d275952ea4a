import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { publishText } from '../../adapters/sns/text-message.ts';
import { oneLine } from '../../core/cut.ts';
import { handlerOf } from '../../lambdas/send-report.ts';
import { aStore } from '../fakes/object-store.ts';
import { anEventOf, aRun, DAY, keptLake, NOW } from '../sql/questions/kept.ts';
import { aReport } from './fakes.ts';

const { keep, lake } = keptLake();
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:crm';
const LIMITS = { maxRows: 500, maxLength: 1_000_000, timeoutMs: 10_000 };

function aFunction() {
  const sns = mockClient(SNSClient);
  sns.on(PublishCommand).resolves({});
  const store = aStore();
  const report = aReport();
  const tries: string[] = [];
  const call = handlerOf({
    ...{ store, report, clock: { now: () => NOW }, prices: () => [], plain: oneLine },
    openAnswers: (tryName, scanned) => {
      tries.push(tryName);
      return {
        answer: async (sql) => {
          scanned.add('question', 10);
          return lake().lake.answer(sql, LIMITS);
        },
      };
    },
    publish: (topic, subject, text) => publishText(new SNSClient({}), topic, subject, text),
    addressOf: (key) => `https://console.example/${key}`,
  });
  return {
    ...{ store, report, tries, sns },
    call: (event: unknown) => call(event, { awsRequestId: 'r' }),
    sent: () => sns.commandCalls(PublishCommand).map(({ args: [{ input }] }) => input),
  };
}
const fill = () => {
  const bad = aRun('bad', 3 * 60, { status: 'FAILED', error_code: 'D201', error_message: '<b>no</b>', owner: 'crm' });
  return keep(
    [aRun('good', DAY - 60, { owner: 'crm' }), bad, aRun('other', 60, { process_name: 'théirs', owner: 'finance' })],
    [],
    [anEventOf(bad, 170, {})],
  );
};

test('a report is kept as one file, and sent as text with its address to the topic that the schedule names', async () => {
  await fill();
  const { call, sent, store, report, tries } = aFunction();
  await call({ period: 'week', owner: 'crm', environment: '', topic: TOPIC });
  const key = `reports/dt=${NOW.slice(0, 10)}/week-crm.html`;
  expect([...store.objects.keys()]).toEqual([key]);
  expect(store.objects.get(key)).toContain('&lt;b&gt;no&lt;/b&gt;');
  const [mail] = sent();
  expect(mail).toMatchObject({ TopicArn: TOPIC, Subject: 'Pipelines, the last 7 days: crm' });
  expect(mail?.Message).toContain('FAILED RUNS\n');
  expect(mail?.Message).toContain('D201');
  expect(mail?.Message).not.toContain('théirs');
  expect(mail?.Message).toContain(`https://console.example/${key}\n`);
  expect(tries).toEqual(['r']);
  expect(report.lines).toMatchObject([{ what: 'sent a report', counts: { key, parts: 8, scanned_bytes: 80 } }]);
});

test('an owner of any name is a key of its own, and a subject that SNS takes', async () => {
  await fill();
  const { call, sent, store } = aFunction();
  await call({ period: 'day', owner: 'Käse/../\u{1F9C0}'.repeat(30), environment: 'prod', topic: TOPIC });
  expect([...store.objects.keys()][0]).toMatch(/^reports\/dt=[\d-]{10}\/day-K_C3_A4se[\w.-]+-prod\.html$/);
  expect(sent()[0]?.Subject).toMatch(/^[ -~]{1,99}$/);
});

test('a topic that refuses fails the call, so that it is made again; what no schedule sends is refused', async () => {
  await fill();
  const { call, sns, store } = aFunction();
  sns.on(PublishCommand).rejects(new Error('Throttled'));
  await expect(call({ period: 'day', owner: '', environment: '', topic: TOPIC })).rejects.toThrow('Throttled');
  expect(store.objects.size).toBe(1);
  await expect(call({ period: 'year', owner: '', environment: '', topic: TOPIC })).rejects.toThrow(
    'Expected a report that a schedule wants, got something else: period',
  );
});
