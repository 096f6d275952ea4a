import { expect, test } from 'vitest';
import { handlerOf } from '../../lambdas/record-access.ts';
import { aStore } from '../fakes/object-store.ts';
import { aReport, settings } from './fakes.ts';

/** A call as CloudTrail writes it (Athena: Log Amazon Athena API calls with AWS CloudTrail). */
const aCall = (detail: object = {}) => ({
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  source: 'aws.athena',
  'detail-type': 'AWS API Call via CloudTrail',
  detail: {
    eventVersion: '1.08',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::123456789012:assumed-role/analyst/ada',
      sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::123456789012:role/analyst' } },
    },
    eventTime: '2025-11-03T12:00:07Z',
    eventSource: 'athena.amazonaws.com',
    eventName: 'StartQueryExecution',
    sourceIPAddress: '192.0.2.7',
    userAgent: 'aws-cli/2.31',
    requestParameters: { queryString: "select 'ada@example.com'", workGroup: 'runledger-prod' },
    responseElements: { queryExecutionId: 'b621c254-74e0-48e3-9630-78ed857782f9' },
    eventID: 'f5039b01-305f-4714-b146-c3fec59b9e44',
    ...detail,
  },
});

function aLedger(question: string | null = null) {
  const store = aStore();
  const asked: string[] = [];
  const report = aReport();
  const questionOf = async (id: string) => {
    asked.push(id);
    return question;
  };
  return { store, asked, report, record: handlerOf({ store, mask: settings.mask, questionOf, report }) };
}
const KEY = 'access/dt=2025-11-03/f5039b01-305f-4714-b146-c3fec59b9e44.ndjson';
const lineIn = (store: ReturnType<typeof aStore>) => JSON.parse(String(store.objects.get(KEY)));

test('a question is an object of its own day, with its caller, masked; told twice it is one', async () => {
  const { store, asked, record } = aLedger();
  await record(aCall());
  await record(aCall());
  expect([...store.objects.keys()]).toEqual([KEY]);
  expect(lineIn(store)).toEqual({
    access_key: 'f5039b01-305f-4714-b146-c3fec59b9e44',
    asked_at: '2025-11-03T12:00:07.000Z',
    caller: 'arn:aws:sts::123456789012:assumed-role/analyst/ada',
    source: '192.0.2.7',
    user_agent: 'aws-cli/2.31',
    via: 'athena',
    question: "select '[email]'",
    error: null,
  });
  expect(asked).toEqual([]);
});

test.each([['***OMITTED***'], ['HIDDEN_DUE_TO_SECURITY_REASONS'], [undefined]])(
  'where CloudTrail has %s for the text, Athena is asked for it',
  async (queryString) => {
    const { store, asked, record } = aLedger('select 2');
    await record(aCall({ requestParameters: { queryString } }));
    expect(asked).toEqual(['b621c254-74e0-48e3-9630-78ed857782f9']);
    expect(lineIn(store).question).toBe('select 2');
  },
);

test('a question that AWS refused is recorded with the reason, though nobody knows its text', async () => {
  const { store, asked, record } = aLedger();
  await record(aCall({ errorCode: 'AccessDenied', requestParameters: null, responseElements: null }));
  expect(lineIn(store)).toMatchObject({ question: null, error: 'AccessDenied' });
  expect(asked).toEqual([]);
});

test.each([
  [
    { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/ada', userName: 'ada' },
    'arn:aws:iam::123456789012:user/ada',
  ],
  [{ type: 'AWSService', invokedBy: 'quicksight.amazonaws.com' }, 'quicksight.amazonaws.com'],
  [{ type: 'AWSAccount', principalId: 'AIDAQ', accountId: '210987654321' }, 'AIDAQ'],
  [undefined, null],
])('the caller %j is %s', async (userIdentity, caller) => {
  const { store, record } = aLedger();
  await record(aCall({ userIdentity }));
  expect(lineIn(store).caller).toBe(caller);
});

test('what cannot be written, or is another event, is an error, so that Lambda tries again and then keeps it', async () => {
  const { store, record } = aLedger();
  store.refused.add('access/');
  await expect(record(aCall())).rejects.toThrow('the bucket refuses access/');
  await expect(record({ detail: {} })).rejects.toThrow('Expected a call of StartQueryExecution');
});
