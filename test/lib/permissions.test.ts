import { expect, test } from 'vitest';
import { TABLES } from '../../core/schema/columns.ts';
import { aStack, ledgerFunctions, resourcesOf } from './a-stack.ts';

const { template } = aStack();

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** `action on what`, shortened: the logical ids of this template say what a resource is. */
function grantsOf(document: unknown): readonly string[] {
  const { Statement } = document as { readonly Statement: readonly Statement[] };
  const grants = Statement.flatMap(({ Action, Resource }) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${nameOf(resource)}`)),
  );
  return [...new Set(grants.map(grouped))].sort();
}

/** CDK names the variants of reading and writing one by one: they are one right. */
const grouped = (grant: string): string =>
  grant
    .replace(/^s3:(GetObject\*|GetBucket\*|List\*) /, 's3:read ')
    .replace(/^s3:(PutObject\w*|Abort\*) /, 's3:write ')
    .replace(/^s3:DeleteObject\* /, 's3:delete ')
    .replace(/^dynamodb:(GetItem|BatchGetItem|Query) /, 'dynamodb:read ')
    .replace(/^dynamodb:(PutItem|UpdateItem|DeleteItem|BatchWriteItem|ConditionCheckItem) /, 'dynamodb:write ')
    .replace(/^athena:(\w+) workgroup$/, 'athena:run workgroup')
    .replace(/^glue:(GetTables?|GetPartitions|GetDatabases?) /, 'glue:read ')
    .replace(/^kms:(Decrypt|GenerateDataKey\*) /, 'kms:use ')
    .replace(/^xray:\w+ /, 'xray:trace ');

function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const folder = /"\/([a-z_/-]*)\*"/.exec(text)?.[1];
  if (text.includes('LakeBucket')) return folder === undefined ? 'bucket' : `bucket/${folder}*`;
  if (text.includes('LiveStoreTable')) return 'live table';
  if (text.includes(':workgroup/')) return 'workgroup';
  if (text.includes(':datacatalog/')) return 'data catalog';
  if (text.includes(':database/default')) return 'default database';
  if (text.includes(':userDefinedFunction/')) return 'functions of the database';
  const table = /"\/([a-z_]+)"\]\]\}$/.exec(text)?.[1];
  if (text.includes(':table/') && table !== undefined) return table;
  if (/:(table|database)\//.test(text)) return 'database';
  if (text.includes(':catalog')) return 'catalog';
  if (/"Bus[0-9A-F]{8}"/.test(text)) return 'bus';
  for (const id of [
    'IngestStream',
    'AlertingMail',
    'AlertingChat',
    'AlertingKey',
    'UndoneQueue',
    'LiveLaneLanded',
    'LiveLaneUntracked',
    'IngestAcceptEvents',
  ]) {
    if (text.includes(id)) return id;
  }
  if (text.includes('AWS::StackId')) return 'stack';
  return text === '"*"' ? '*' : text;
}

const FIND = 'cloudformation:DescribeStacks stack';
const TRACE = ['xray:trace *'];
const LIVE = ['dynamodb:read live table', 'dynamodb:write live table'];
const SAY = ['events:PutEvents bus'];
const LAND = ['raw', 'rejected', 'oversize'].map((folder) => `s3:write bucket/${folder}/*`);
const READ_SETTINGS = 's3:GetObject bucket/settings/*';
const READ_RAW = ['s3:read bucket', 's3:read bucket/raw/*'];
const QUERY = [
  'athena:run workgroup',
  'athena:GetDataCatalog data catalog',
  ...['catalog', 'database', 'default database'].map((what) => `glue:read ${what}`),
  ...READ_RAW,
  ...['rejected', 'tables', 'results'].map((folder) => `s3:read bucket/${folder}/*`),
  's3:write bucket/results/*',
];
/** What a stage may that writes these tables. */
const stage = (...tables: readonly string[]): readonly string[] => [
  ...QUERY,
  ...tables.flatMap((table) => [
    `s3:write bucket/tables/${table}-*`,
    `s3:delete bucket/tables/${table}-*`,
    `glue:UpdateTable ${table}`,
  ]),
  ...['catalog', 'database'].map((what) => `glue:UpdateTable ${what}`),
  ...LIVE,
  ...SAY,
  ...TRACE,
];

const QUEUE = ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'ReceiveMessage'].map(
  (action) => `sqs:${action} LiveLaneLanded`,
);
const GIVE_UP = ['GetQueueAttributes', 'GetQueueUrl', 'SendMessage'].map((action) => `sqs:${action} UndoneQueue`);

const MAY: Readonly<Record<string, readonly string[]>> = {
  IngestAcceptEvents: [...LAND, READ_SETTINGS, ...TRACE],
  IngestReacceptFailed: [...LAND, READ_SETTINGS, 's3:read bucket', 's3:read bucket/failed/*', ...GIVE_UP, ...TRACE],
  LiveLaneTrackRuns: [...READ_RAW, ...LIVE, ...SAY, ...QUEUE, ...TRACE],
  LiveLaneCheckDeadlines: [...LIVE, ...SAY, ...TRACE],
  HistoryLaneCompactEvents: [
    ...stage('pipeline_logs'),
    'firehose:PutRecord IngestStream',
    'firehose:PutRecordBatch IngestStream',
  ],
  HistoryLaneSummarizeRuns: stage('pipeline_run_state', 'pipeline_steps'),
  HistoryLaneAggregateMetrics: stage('job_metrics'),
  HistoryLaneMaintainTables: stage('pipeline_logs', 'pipeline_run_state', 'pipeline_steps', 'job_metrics'),
  AlertingNotify: [
    ...LIVE,
    'sns:Publish AlertingMail',
    'sns:Publish AlertingChat',
    'kms:use AlertingKey',
    ...GIVE_UP,
    ...TRACE,
  ],
  MigrationsMigrateTables: [
    ...QUERY,
    READ_SETTINGS,
    's3:write bucket/settings/*',
    's3:write bucket/tables/*',
    ...['CreateTable', 'UpdateTable'].flatMap((action) => [`glue:${action} catalog`, `glue:${action} database`]),
    'glue:CreateDatabase catalog',
    'glue:CreateDatabase default database',
    'athena:ListTableMetadata data catalog',
    ...TRACE,
  ],
};

test.each(Object.keys(MAY))('%s may do what it has to, and nothing else', (name) => {
  const role = roleOf(name);
  const grants = Object.values(resourcesOf(template, 'AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(`"${role}"`))
    .flatMap(({ Properties }) => grantsOf(Properties.PolicyDocument));
  expect([...new Set(grants)].sort()).toEqual([...new Set(MAY[name])].sort());
});

test('the table above names every function', () => {
  expect(Object.keys(ledgerFunctions(template)).sort()).toEqual(Object.keys(MAY).sort());
});

test('a producer may put records, and nothing else', () => {
  expect(managedPolicy('ProducerPolicy')).toEqual([
    'firehose:PutRecord IngestStream',
    'firehose:PutRecordBatch IngestStream',
  ]);
});

test('a reader may ask and look, and change nothing but the results of queries', () => {
  expect(managedPolicy('ReaderPolicy')).toEqual([...QUERY, FIND, 'dynamodb:read live table'].sort());
});

test('an operator may look at every link, send, dismiss rejections, and rebuild the tables beside the real ones', () => {
  expect(managedPolicy('OperatorPolicy')).toEqual(
    [
      ...new Set([
        ...QUERY,
        ...LIVE,
        ...TABLES.map(({ name }) => `glue:UpdateTable ${name}`),
        FIND,
        's3:write bucket/rejected/*',
        's3:write bucket/tables/*',
        's3:delete bucket/tables/*',
        ...['catalog', 'database'].flatMap((what) =>
          ['CreateDatabase', 'DeleteDatabase', 'CreateTable', 'UpdateTable', 'DeleteTable'].map(
            (action) => `glue:${action} ${what}`,
          ),
        ),
        'glue:DeleteDatabase functions of the database',
        'athena:ListTableMetadata data catalog',
        'firehose:DescribeDeliveryStream IngestStream',
        'firehose:PutRecord IngestStream',
        'firehose:PutRecordBatch IngestStream',
        'lambda:GetFunctionConfiguration IngestAcceptEvents',
        'sqs:GetQueueAttributes LiveLaneUntracked',
        'sqs:GetQueueAttributes UndoneQueue',
        'sns:ListSubscriptionsByTopic AlertingMail',
        'sns:ListSubscriptionsByTopic AlertingChat',
      ]),
    ].sort(),
  );
});

function managedPolicy(name: string): readonly string[] {
  const [policy] = Object.entries(resourcesOf(template, 'AWS::IAM::ManagedPolicy')).filter(([id]) => id.includes(name));
  return grantsOf(policy?.[1].Properties.PolicyDocument);
}

function roleOf(name: string): string {
  const role = ledgerFunctions(template)[name]?.Properties.Role as
    | { 'Fn::GetAtt': readonly [string, string] }
    | undefined;
  return role?.['Fn::GetAtt'][0] ?? 'none';
}
