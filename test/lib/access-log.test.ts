import { Match } from 'aws-cdk-lib/assertions';
import { expect, test } from 'vitest';
import { aStack, ledgerFunctions, resourcesOf } from './a-stack.ts';

const { template } = aStack({ accessLog: true });
const { EventPattern, Targets } = (Object.values(resourcesOf(template, 'AWS::Events::Rule')).find(({ Properties }) =>
  JSON.stringify(Properties.EventPattern).includes('StartQueryExecution'),
)?.Properties ?? {}) as {
  readonly EventPattern: { readonly detail: { readonly $or: readonly object[] } };
  readonly Targets: unknown;
};
const recorder = ledgerFunctions(template).AccessLogRecordAccess;

test('each question in the workgroup that CloudTrail records is recorded, tried again, then kept', () => {
  expect(EventPattern).toMatchObject({
    source: ['aws.athena'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: { eventName: ['StartQueryExecution'], requestParameters: { workGroup: ['runledger-prod'] } },
  });
  expect(Targets).toEqual([
    expect.objectContaining({
      Arn: { 'Fn::GetAtt': [recorder?.id, 'Arn'] },
      DeadLetterConfig: expect.anything(),
      RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 3600 },
    }),
  ]);
});

test('the questions of people, of users without a role too, and not those of the ledger itself', () => {
  const { detail } = EventPattern;
  const issuer = (arn: unknown) => ({ userIdentity: { sessionContext: { sessionIssuer: { arn: [arn] } } } });
  const own = Object.values(ledgerFunctions(template))
    .filter(({ Properties }) => JSON.stringify(Properties.Environment).includes('LEDGER_WORKGROUP'))
    .map(({ Properties }) => Properties.Role);
  const [none, others] = detail.$or as [
    object,
    { userIdentity: { sessionContext: { sessionIssuer: { arn: object[] } } } },
  ];
  expect(none).toEqual(issuer({ exists: false }));
  const [{ 'anything-but': left } = { 'anything-but': [] }] = others.userIdentity.sessionContext.sessionIssuer.arn as {
    'anything-but': unknown[];
  }[];
  expect(own).toHaveLength(5);
  expect(left).toHaveLength(own.length);
  expect(left).toEqual(expect.arrayContaining(own));
});

test('the recorder writes its folder and asks for texts; an auditor reads the folder, and nobody else', () => {
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    Object.entries(resourcesOf(template, type)).filter(([, { Properties }]) =>
      JSON.stringify(Properties.PolicyDocument).includes('/access/*'),
    ),
  );
  const actions = policies.map(([id, { Properties }]) => {
    const { Statement } = Properties.PolicyDocument as {
      Statement: { Action: string | string[]; Resource: unknown }[];
    };
    const onFolder = Statement.filter(({ Resource }) => JSON.stringify(Resource).includes('/access/*'));
    return [
      id.replace(/(FunctionDefault|RoleDefault).*|[0-9A-F]{8}$/, ''),
      onFolder.flatMap(({ Action }) => Action).sort(),
    ];
  });
  expect(Object.fromEntries(actions)).toEqual({
    AccessLogRecordAccess: ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'],
    AccessLogAuditorPolicy: ['s3:GetObject'],
  });
  template.hasOutput('AuditorPolicyArn', {});
});

test('what is recorded is kept as long as the events', () => {
  aStack({ logsKeptDays: 90 }).template.hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix: 'access/', ExpirationInDays: 90 })]) },
  });
});

test('without the option there is no rule and no recorder', () => {
  const other = aStack().template;
  expect(ledgerFunctions(other).AccessLogRecordAccess).toBeUndefined();
  expect(JSON.stringify(other.toJSON())).not.toContain('StartQueryExecution"]');
});
