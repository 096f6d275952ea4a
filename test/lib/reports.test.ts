import { expect, test } from 'vitest';
import { aStack, ledgerFunctions, resourcesOf } from './a-stack.ts';

const { template } = aStack({
  zone: 'Europe/Berlin',
  reports: [
    { period: 'day', emails: ['a@example.com'] },
    { period: 'week', emails: ['b@example.com', 'c@example.com'], owner: 'crm', environment: 'prod', hour: 8 },
  ],
});
const send = ledgerFunctions(template).ReportsSendReport;

test('each report has a schedule in the zone of the ledger, which says what is wanted and for which topic', () => {
  const schedules = Object.values(resourcesOf(template, 'AWS::Scheduler::Schedule'))
    .map(({ Properties }) => Properties as { Target: { Arn: object; Input?: unknown }; ScheduleExpression: string })
    .filter(({ Target }) => JSON.stringify(Target.Arn).includes(send?.id ?? 'none'));
  expect(schedules).toEqual([
    expect.objectContaining({ ScheduleExpression: 'cron(0 6 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin' }),
    expect.objectContaining({ ScheduleExpression: 'cron(0 8 ? * MON *)', ScheduleExpressionTimezone: 'Europe/Berlin' }),
  ]);
  expect(JSON.stringify(schedules[1]?.Target.Input)).toMatch(
    /\\"period\\":\\"week\\",\\"owner\\":\\"crm\\",\\"environment\\":\\"prod\\",\\"topic\\"/,
  );
});

test('each has a topic of its own, under the key of the alerts, with its addresses', () => {
  const topics = Object.entries(resourcesOf(template, 'AWS::SNS::Topic')).filter(([id]) => id.startsWith('Reports'));
  expect(topics).toHaveLength(2);
  for (const [, { Properties }] of topics) expect(Properties.KmsMasterKeyId).toBeDefined();
  const addresses = Object.values(resourcesOf(template, 'AWS::SNS::Subscription')).map(({ Properties }) => [
    (Properties.TopicArn as { Ref: string }).Ref.replace(/[0-9A-F]{8}$/, ''),
    Properties.Endpoint,
  ]);
  expect(addresses).toEqual([
    ['ReportsTopic0', 'a@example.com'],
    ['ReportsTopic1', 'b@example.com'],
    ['ReportsTopic1', 'c@example.com'],
  ]);
  template.hasOutput('ReportTopicArns', {});
});

test('the function asks, keeps reports and publishes to these topics, and nothing else', () => {
  const [policy] = Object.entries(resourcesOf(template, 'AWS::IAM::Policy')).filter(([id]) =>
    id.startsWith('ReportsSendReport'),
  );
  const document = policy?.[1].Properties.PolicyDocument as
    | { Statement: { Action: string | string[]; Resource: unknown }[] }
    | undefined;
  const writes = (document?.Statement ?? []).filter(({ Action }) =>
    /Put|Publish|Delete|Update/.test(JSON.stringify(Action)),
  );
  const places = writes.flatMap(
    ({ Resource }) => JSON.stringify(Resource).match(/"\/[\w/*]+"|ReportsTopic\d|Logs/g) ?? [],
  );
  expect([...new Set(places)].sort()).toEqual([
    '"/reports/*"',
    '"/results/*"',
    'Logs',
    'ReportsTopic0',
    'ReportsTopic1',
  ]);
});

test('two reports that would be one file are refused; without any nothing of it is made', () => {
  const twice = [{ period: 'day' }, { period: 'day', emails: ['a@example.com'] }];
  expect(() => aStack({ reports: twice })).toThrow('reports: expected a JSON list');
  expect(JSON.stringify(aStack().template.toJSON())).not.toContain('SendReport');
});
