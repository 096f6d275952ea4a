import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { aStack, ledgerFunctions, resourcesOf } from './a-stack.ts';

const { template } = aStack();

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** `action on what`, shortened: the logical ids of this template say what a resource is. */
function grantsOf(document: unknown): readonly string[] {
  const { Statement } = document as { readonly Statement: readonly Statement[] };
  const grants = Statement.flatMap(({ Action, Resource, Condition }) =>
    [Action]
      .flat()
      .flatMap((action) =>
        [Resource].flat().map((resource) => `${action} ${nameOf(resource)}${partitionsOf({ Condition })}`),
      ),
  );
  return [...new Set(grants.map(grouped))].sort();
}

/** Actions that are one right. */
const grouped = (grant: string): string =>
  grant
    .replace(/^s3:(GetBucketLocation|ListBucketMultipartUploads) bucket$/, 's3:locate bucket')
    .replace(/^s3:(GetObject|ListBucket) /, 's3:read ')
    .replace(/^s3:(PutObject|AbortMultipartUpload|ListMultipartUploadParts) /, 's3:write ')
    .replace(/^s3:DeleteObject /, 's3:delete ')
    .replace(/^dynamodb:(GetItem|BatchGetItem|Query) /, 'dynamodb:read ')
    .replace(/^dynamodb:(PutItem|UpdateItem|DeleteItem|BatchWriteItem|ConditionCheckItem) /, 'dynamodb:write ')
    .replace(/^athena:(\w+) workgroup$/, 'athena:run workgroup')
    .replace(/^glue:(GetTables?|GetPartitions|GetDatabases?) /, 'glue:read ')
    .replace(/^kms:(Decrypt|GenerateDataKey\*) /, 'kms:use ')
    .replace(/^xray:\w+ /, 'xray:trace ')
    .replace(/^logs:(CreateLogStream|PutLogEvents) /, 'logs:write ');

/** The runs of the live table, its incidents, what was decided about failed runs, or its notification log. */
function partitionsOf({ Condition }: Pick<Statement, 'Condition'>): string {
  if (Condition === undefined) return '';
  const leading = Condition['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
  if (leading === undefined) return '';
  const keys = [leading].flat();
  if (isDeepStrictEqual(keys, ['notified#*'])) return ' log';
  if (isDeepStrictEqual(keys, ['incident#*', 'watch#*'])) return ' incidents';
  if (isDeepStrictEqual(keys, ['recovery#*'])) return ' recoveries';
  if (isDeepStrictEqual(keys, ['watermark#*'])) return ' watermarks';
  return keys.some((key) => /^(notified|incident|watch|recovery)#/.test(String(key))) ? ' of all' : ' runs';
}

function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const folder = /"\/([a-z_/-]*)\*"/.exec(text)?.[1];
  const object = /"\/(settings\/[a-z]+\.json)"/.exec(text)?.[1];
  if (object !== undefined) return `bucket/${object}`;
  if (text.includes(':schedule/')) return 'schedules of the group';
  if (text.includes('LakeBucket')) return folder === undefined ? 'bucket' : `bucket/${folder}*`;
  if (text.includes('LiveStoreTable')) return text.includes('/index/*') ? 'live indexes' : 'live';
  const logs = /"(\w+)Logs[0-9A-F]{8}"/.exec(text)?.[1];
  if (logs !== undefined) return `logs of ${logs}`;
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
    'AlertingNotify',
    'RecoveryWakes',
    'RecoveryRecover',
    'UndoneQueue',
    'LiveLaneLanded',
    'LiveLaneUntracked',
    'IngestAcceptEvents',
  ]) {
    if (text.includes(id)) return id;
  }
  const secrets = /(parameter|secret)[:/]runledger\/\*/.exec(text)?.[1];
  if (secrets !== undefined) return `${secrets}s of the ledger`;
  if (text.includes(':stack/') || text.includes('AWS::StackId')) return 'stack';
  return text === '"*"' ? '*' : text;
}

const FIND = 'cloudformation:DescribeStacks stack';
const TRACE = ['xray:trace *'];
const LIVE = ['dynamodb:read live runs', 'dynamodb:write live runs', 'dynamodb:read live indexes'];
/** What people were told of is apart from the runs. */
const NOTIFICATION_LOG = ['dynamodb:read live log', 'dynamodb:write live log'];
const SAY = ['events:PutEvents bus'];
/** What judges pipelines. */
const JUDGE = [
  ...['read', 'write'].map((right) => `dynamodb:${right} live incidents`),
  'dynamodb:read live indexes',
  's3:read bucket',
  's3:read bucket/settings/pipelines.json',
  ...SAY,
];
/** What decides on failed runs. */
const DECIDE = ['read', 'write'].map((right) => `dynamodb:${right} live recoveries`);
const LAND = ['raw', 'rejected', 'oversize'].map((folder) => `s3:write bucket/${folder}/*`);
const READ_SETTINGS = 's3:read bucket/settings/*';
const READ_RAW = ['s3:read bucket', 's3:read bucket/raw/*'];
/** What is sealed, and its manifests, beside what every reader may read. */
const VERIFY = ['s3:read bucket/decisions/*', 's3:read bucket/manifests/*'];

const QUERY = [
  'athena:run workgroup',
  'athena:GetDataCatalog data catalog',
  ...['catalog', 'database', 'default database'].map((what) => `glue:read ${what}`),
  's3:locate bucket',
  ...READ_RAW,
  ...['rejected', 'incidents', 'slots', 'recovery', 'acts', 'tables', 'results'].map(
    (folder) => `s3:read bucket/${folder}/*`,
  ),
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

const SECRETS = ['ssm:GetParameter parameters of the ledger', 'secretsmanager:GetSecretValue secrets of the ledger'];

const QUEUE = ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'ReceiveMessage'].map(
  (action) => `sqs:${action} LiveLaneLanded`,
);
const GIVE_UP = ['GetQueueAttributes', 'GetQueueUrl', 'SendMessage'].map((action) => `sqs:${action} UndoneQueue`);

const MAY: Readonly<Record<string, readonly string[]>> = {
  IngestAcceptEvents: [...LAND, READ_SETTINGS, ...TRACE],
  IngestReacceptFailed: [...LAND, READ_SETTINGS, 's3:read bucket', 's3:read bucket/failed/*', ...GIVE_UP, ...TRACE],
  LiveLaneTrackRuns: [...READ_RAW, ...LIVE, ...JUDGE, ...DECIDE, ...QUEUE, ...TRACE],
  LiveLaneCheckDeadlines: [...LIVE, ...JUDGE, ...DECIDE, ...SECRETS, ...TRACE],
  LiveLaneRecordSlots: [
    'dynamodb:read live runs',
    'dynamodb:read live incidents',
    'dynamodb:read live indexes',
    's3:read bucket',
    's3:read bucket/settings/pipelines.json',
    's3:write bucket/slots/*',
    ...TRACE,
  ],
  HistoryLaneCompactEvents: [
    ...stage('pipeline_logs'),
    'firehose:PutRecord IngestStream',
    'firehose:PutRecordBatch IngestStream',
  ],
  HistoryLaneSummarizeRuns: stage('pipeline_run_state', 'pipeline_steps', 'run_changes'),
  HistoryLaneAggregateMetrics: stage('job_metrics'),
  HistoryLaneMaintainTables: [
    ...stage('pipeline_logs', 'pipeline_run_state', 'pipeline_steps', 'run_changes', 'job_metrics'),
    ...VERIFY,
    's3:write bucket/manifests/*',
    ...JUDGE,
    ...DECIDE,
    ...GIVE_UP,
  ],
  RecoveryRecover: [
    'dynamodb:read live runs',
    ...JUDGE,
    ...DECIDE,
    's3:write bucket/recovery/*',
    'firehose:PutRecord IngestStream',
    'firehose:PutRecordBatch IngestStream',
    'scheduler:CreateSchedule schedules of the group',
    'iam:PassRole RecoveryWakes',
    ...SECRETS,
    ...TRACE,
  ],
  AlertingNotify: [
    'dynamodb:read live runs',
    ...JUDGE,
    ...NOTIFICATION_LOG,
    's3:read bucket/settings/silences.json',
    's3:write bucket/incidents/*',
    ...SECRETS,
    'sns:Publish AlertingMail',
    'sns:Publish AlertingChat',
    'kms:use AlertingKey',
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
    'cloudformation:DescribeStacks stack',
    ...TRACE,
  ],
};

test.each(Object.keys(MAY))('%s may do what it has to, write its own log, and nothing else', (name) => {
  const may = [...(MAY[name] ?? []), `logs:write logs of ${name}`];
  expect(grantsOfRole(roleOf(name))).toEqual([...new Set(may)].sort());
});

test('Firehose may do what its guide lists, in the two folders it writes', () => {
  const [stream] = Object.values(resourcesOf(template, 'AWS::KinesisFirehose::DeliveryStream'));
  const destination = stream?.Properties.ExtendedS3DestinationConfiguration as
    | { readonly RoleARN: { readonly 'Fn::GetAtt': readonly string[] } }
    | undefined;
  expect(grantsOfRole(destination?.RoleARN['Fn::GetAtt'][0] ?? 'none')).toEqual(
    [
      's3:locate bucket',
      's3:read bucket',
      ...['raw', 'failed'].flatMap((folder) => [`s3:read bucket/${folder}/*`, `s3:write bucket/${folder}/*`]),
      'lambda:GetFunctionConfiguration IngestAcceptEvents',
      'lambda:InvokeFunction IngestAcceptEvents',
      'logs:write logs of IngestStream',
    ].sort(),
  );
});

test('the functions of the CDK write their own log, but for the one that all buckets of a stack share', () => {
  const managed = Object.entries(resourcesOf(template, 'AWS::IAM::Role')).filter(
    ([, { Properties }]) => Properties.ManagedPolicyArns !== undefined,
  );
  expect(managed.map(([id]) => id.replace(/[0-9a-f]{32}Role[0-9A-F]{8}$/, ''))).toEqual(['BucketNotificationsHandler']);
});

test('the schedules of restarts may call the function that starts runs, and nothing else', () => {
  const [role] = Object.keys(resourcesOf(template, 'AWS::IAM::Role')).filter((id) => id.startsWith('RecoveryWakes'));
  expect(grantsOfRole(role ?? 'none')).toEqual(['lambda:InvokeFunction RecoveryRecover']);
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
  expect(managedPolicy('ReaderPolicy')).toEqual(
    [
      ...VERIFY,
      ...QUERY,
      FIND,
      'dynamodb:read live runs',
      'dynamodb:read live incidents',
      'dynamodb:read live recoveries',
      'dynamodb:read live indexes',
      's3:read bucket/settings/pipelines.json',
      's3:read bucket/settings/silences.json',
      's3:read bucket/reports/*',
      // What the Athena console, JDBC and ODBC drivers and Grafana ask besides.
      ...['Database', 'TableMetadata'].map((what) => `athena:Get${what} data catalog`),
      ...['Databases', 'TableMetadata'].map((what) => `athena:List${what} data catalog`),
      'athena:ListDataCatalogs *',
      'athena:ListWorkGroups *',
    ].sort(),
  );
});

test('who responds to incidents may decide about them, silence, apply a file of pipelines, run runs again, and try a route', () => {
  const settings = ['pipelines', 'silences'].map((name) => `bucket/settings/${name}.json`);
  expect(managedPolicy('ResponderPolicy')).toEqual(
    [
      FIND,
      'dynamodb:read live runs',
      ...DECIDE,
      ...['read', 'write'].map((right) => `dynamodb:${right} live watermarks`),
      ...['read', 'write'].map((right) => `dynamodb:${right} live incidents`),
      'dynamodb:read live indexes',
      's3:read bucket',
      ...settings.flatMap((each) => [`s3:read ${each}`, `s3:write ${each}`]),
      's3:read bucket/incidents/*',
      's3:write bucket/acts/*',
      's3:write bucket/incidents/*',
      's3:read bucket/recovery/*',
      's3:write bucket/recovery/*',
      ...NOTIFICATION_LOG,
      'lambda:InvokeFunction AlertingNotify',
      'lambda:InvokeFunction RecoveryRecover',
    ].sort(),
  );
});

test('an operator may look at every link, send, dismiss rejections, and rebuild the tables beside the real ones', () => {
  expect(managedPolicy('OperatorPolicy')).toEqual(
    [
      ...new Set([
        ...QUERY,
        ...LIVE,
        FIND,
        's3:write bucket/rejected/*',
        's3:write bucket/acts/*',
        's3:write bucket/decisions/*',
        's3:write bucket/tables/*',
        's3:delete bucket/tables/*',
        ...['catalog', 'database', 'functions of the database'].flatMap((what) =>
          ['CreateDatabase', 'DeleteDatabase', 'CreateTable', 'UpdateTable', 'DeleteTable', 'read'].map(
            (action) => `glue:${action} ${what}`,
          ),
        ),
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

function grantsOfRole(role: string): readonly string[] {
  const grants = Object.values(resourcesOf(template, 'AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes(`"${role}"`))
    .flatMap(({ Properties }) => grantsOf(Properties.PolicyDocument));
  return [...new Set(grants)].sort();
}

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
