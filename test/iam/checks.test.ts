import { expect, test } from 'vitest';
import { callOf } from '../aws/gateway/call.ts';

/** What IAM is asked for a signed request, as `action resource keys…`. */
function asked(service: string, method: string, url: string, body: unknown = '', headers: Record<string, string> = {}) {
  const authorization = `AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host`;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const call = callOf(
    { method, url, headers: { ...headers, authorization }, body: Buffer.from(text) },
    (id) => `of-${id}`,
  );
  return call?.checks.map(({ action, resource, context }) =>
    [action, resource.replace(/^arn:aws:\w+:(us-east-1:000000000000)?:*/, ''), ...Object.values(context).flat()].join(
      ' ',
    ),
  );
}
const json = (service: string, target: string, body: unknown) =>
  asked(service, 'POST', '/', body, { 'x-amz-target': `Service.${target}` });

test('a request without a signature is nobody’s call', () => {
  expect(callOf({ method: 'GET', url: '/', headers: {}, body: Buffer.of() }, () => undefined)).toBeUndefined();
});

test.each<[string, string, readonly string[]]>([
  ['GET', '/bucket/raw/a%3Db?x-id=GetObject', ['s3:GetObject bucket/raw/a=b']],
  ['HEAD', '/bucket/raw/a', ['s3:GetObject bucket/raw/a']],
  ['PUT', '/bucket/raw/a?x-id=PutObject', ['s3:PutObject bucket/raw/a']],
  ['POST', '/bucket/raw/a?uploads', ['s3:PutObject bucket/raw/a']],
  ['DELETE', '/bucket/raw/a?uploadId=1', ['s3:AbortMultipartUpload bucket/raw/a']],
  ['DELETE', '/bucket/raw/a', ['s3:DeleteObject bucket/raw/a']],
  ['GET', '/bucket?list-type=2&prefix=raw', ['s3:ListBucket bucket']],
  ['PUT', '/bucket?notification', ['s3:PutBucketNotification bucket']],
  ['GET', '/bucket/raw/a?acl', ['s3:GET object ?acl bucket/raw/a']],
  ['DELETE', '/bucket', ['s3:DELETE bucket bucket']],
])('S3: %s %s', (method, url, checks) => {
  expect(asked('s3', method, url)).toEqual(checks);
});

test('S3: several objects are deleted one by one, and a copy reads its source', () => {
  const body = '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>';
  expect(asked('s3', 'POST', '/bucket?delete', body)).toEqual(['s3:DeleteObject bucket/a', 's3:DeleteObject bucket/b']);
  expect(asked('s3', 'PUT', '/bucket/b', '', { 'x-amz-copy-source': '/other/a' })).toEqual([
    's3:PutObject bucket/b',
    's3:GetObject other/a',
  ]);
});

const key = (pk: string) => ({ pk: { S: pk }, sk: { S: '1' } });
test.each<[string, unknown, readonly string[]]>([
  ['GetItem', { TableName: 't', Key: key('run#1') }, ['dynamodb:GetItem table/t run#1']],
  ['PutItem', { TableName: 't', Item: key('notified#1') }, ['dynamodb:PutItem table/t notified#1']],
  [
    'Query',
    { TableName: 't', KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': { S: 'due_days' } } },
    ['dynamodb:Query table/t due_days'],
  ],
  [
    'Query',
    {
      ...{ TableName: 't', IndexName: 'open_runs', KeyConditionExpression: '#open = :run and sk < :now' },
      ExpressionAttributeValues: { ':now': { S: '2026' }, ':run': { S: 'run' } },
    },
    ['dynamodb:Query table/t/index/open_runs run'],
  ],
  [
    'BatchGetItem',
    { RequestItems: { t: { Keys: [key('run#1'), key('run#2')] } } },
    ['dynamodb:BatchGetItem table/t run#1 run#2'],
  ],
  [
    'BatchWriteItem',
    { RequestItems: { t: [{ DeleteRequest: { Key: key('a') } }, { PutRequest: { Item: key('b') } }] } },
    ['dynamodb:BatchWriteItem table/t a b'],
  ],
  [
    'TransactWriteItems',
    {
      TransactItems: [
        { Put: { TableName: 't', Item: key('a') } },
        { Update: { TableName: 't', Key: key('b') } },
        { ConditionCheck: { TableName: 't', Key: key('c') } },
      ],
    },
    ['dynamodb:PutItem table/t a', 'dynamodb:UpdateItem table/t b', 'dynamodb:ConditionCheckItem table/t c'],
  ],
  ['Scan', { TableName: 't' }, ['dynamodb:Scan table/t']],
])('DynamoDB: %s', (target, body, checks) => {
  expect(json('dynamodb', target, body)).toEqual(checks);
});

test.each<[string, string, unknown, readonly string[]]>([
  ['athena', 'StartQueryExecution', { WorkGroup: 'w' }, ['athena:StartQueryExecution workgroup/w']],
  ['athena', 'GetQueryExecution', { QueryExecutionId: '1' }, ['athena:GetQueryExecution workgroup/of-1']],
  [
    'athena',
    'ListTableMetadata',
    { CatalogName: 'AwsDataCatalog', WorkGroup: 'w' },
    ['athena:ListTableMetadata datacatalog/AwsDataCatalog'],
  ],
  ['events', 'PutEvents', { Entries: [{ EventBusName: 'b' }] }, ['events:PutEvents event-bus/b']],
  ['firehose', 'PutRecordBatch', { DeliveryStreamName: 's' }, ['firehose:PutRecordBatch deliverystream/s']],
  ['ssm', 'GetParameter', { Name: '/runledger/hook' }, ['ssm:GetParameter parameter/runledger/hook']],
  [
    'secretsmanager',
    'GetSecretValue',
    { SecretId: 'runledger/hook' },
    ['secretsmanager:GetSecretValue secret:runledger/hook-a1B2c3'],
  ],
  ['sqs', 'SendMessage', { QueueUrl: 'http://host/000000000000/q' }, ['sqs:SendMessage q']],
  [
    'glue',
    'UpdateTable',
    { DatabaseName: 'd', TableInput: { Name: 't' } },
    ['glue:UpdateTable catalog', 'glue:UpdateTable database/d', 'glue:UpdateTable table/d/t'],
  ],
  ['glue', 'GetDatabase', { Name: 'd' }, ['glue:GetDatabase catalog', 'glue:GetDatabase database/d']],
  ['glue', 'GetColumnStatisticsForTable', { DatabaseName: 'd', TableName: 't' }, []],
])('%s: %s', (service, target, body, checks) => {
  expect(json(service, target, body)).toEqual(checks);
});

test('SNS, CloudFormation and Lambda speak other protocols', () => {
  const topic = 'arn:aws:sns:us-east-1:000000000000:t';
  expect(asked('sns', 'POST', '/', new URLSearchParams({ Action: 'Publish', TopicArn: topic }).toString())).toEqual([
    'sns:Publish t',
  ]);
  const id = 'arn:aws:cloudformation:us-east-1:000000000000:stack/ledger/7f3a';
  for (const [StackName, shown] of [
    [id, 'stack/ledger/7f3a'],
    ['ledger', 'stack/ledger/*'],
  ] as const) {
    const body = new URLSearchParams({ Action: 'DescribeStacks', StackName }).toString();
    expect(asked('cloudformation', 'POST', '/', body)).toEqual([`cloudformation:DescribeStacks ${shown}`]);
  }
  expect(asked('lambda', 'POST', '/2015-03-31/functions/f/invocations')).toEqual(['lambda:InvokeFunction function:f']);
});
