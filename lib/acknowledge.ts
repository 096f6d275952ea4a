import { Aws, Stack, Token, Validations } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { SHADOW_SUFFIX, TABLES } from '../core/schema/columns.ts';
import type { Lake } from './lake.ts';
import type { LiveStore } from './live-store.ts';
import { PREFIXES } from './prefixes.ts';
import type { Recovery } from './recovery.ts';

interface Acknowledged {
  readonly lake: Lake;
  readonly live: LiveStore;
  readonly recovery: Recovery;
}

/** Acknowledges the findings of validators (cdk-nag, CloudFormation's rules) that are intended, each with its reason. Call it last. */
export function acknowledge(scope: Construct, { lake, live, recovery }: Acknowledged): void {
  const allow = (id: string, reason: string) => Validations.of(scope).acknowledge({ id, reason });
  // What names a resource of the ledger is meant wherever it is found: the CDK puts roles of schedules beside the ledger.
  const wildcard = (finding: string, reason: string) =>
    Validations.of(finding.includes('<') ? Stack.of(scope) : scope).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[${finding}]`,
      reason,
    });

  allow(
    'AwsSolutions::AwsSolutions-S1',
    'Data events of CloudTrail record who reads the bucket, and the account decides whether to switch them on; access logs would be a second bucket to pay for and guard.',
  );
  allow(
    'AwsSolutions::AwsSolutions-KMS5',
    'The key guards messages on their way to people for seconds; each of its first two rotations would cost a dollar a month for good.',
  );
  allow(
    'AwsSolutions::AwsSolutions-APIG4',
    'The function of the HTTP API asks for a named token itself: an authorizer would be a second call for each request.',
  );
  allow('AwsSolutions::AwsSolutions-SQS3', 'The queues without a dead-letter queue are the dead-letter queues.');

  wildcard('Resource::*', 'X-Ray, the lists of Athena and network interfaces that are not made yet know no resources.');
  for (const action of ['kms:GenerateDataKey*', 'kms:ReEncrypt*'])
    wildcard(`Action::${action}`, 'One use of the one key, over the variants KMS has of it.');
  const on = (arn: string, reason: string) => wildcard(`Resource::${shown(Stack.of(scope).resolve(arn))}`, reason);
  const tables = TABLES.map(({ name }) => `${PREFIXES.tables}${name}-`);
  for (const prefix of [...Object.values(PREFIXES), ...tables])
    on(lake.bucket.arnForObjects(`${prefix}*`), 'The objects below one folder of the bucket.');
  on(`${live.table.tableArn}/index/*`, 'The indexes of the one table.');
  on(recovery.schedulesArn, 'The one-time schedules of one group, whose names are hashes.');
  for (const runs of recovery.startedRuns)
    if (!Token.isUnresolved(runs))
      wildcard(`Resource::${runs}`, 'Runs and revisions of what restartTargets names: their ids are given later.');
  const own = `${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  on(`arn:${Aws.PARTITION}:ssm:${own}:parameter/runledger/*`, 'The secrets that a file of pipelines refers to.');
  on(
    `arn:${Aws.PARTITION}:secretsmanager:${own}:secret:runledger/*`,
    'The secrets that a file of pipelines refers to.',
  );
  const { databaseName } = lake.database;
  const glue = `arn:${Aws.PARTITION}:glue:${Aws.REGION}:${Aws.ACCOUNT_ID}`;
  on(`${glue}:table/${databaseName}/*`, 'The tables of the one database, those of a later version included.');
  for (const kind of ['table', 'userDefinedFunction'])
    on(`${glue}:${kind}/${databaseName}${SHADOW_SUFFIX}/*`, 'What a rebuild makes and drops again.');
  wildcard(
    `Resource::arn:<AWS::Partition>:cloudformation:<AWS::Region>:<AWS::AccountId>:stack/${Stack.of(scope).stackName}/*`,
    'The one stack; its id ends with what only AWS knows.',
  );
  for (const each of scope.node.findAll()) {
    if (!(each instanceof CfnFunction)) continue;
    wildcard(
      `Resource::<${Stack.of(each).getLogicalId(each)}.Arn>:*`,
      'A caller may invoke the versions of the function it calls.',
    );
  }
}

/** The same for what the CDK adds to a stack beside the ledger: one function that sets up a bucket's notifications. */
export function acknowledgeHelpers(stack: Stack): void {
  Validations.of(stack).acknowledge(
    {
      id: 'CloudFormation-Validate::W7001',
      reason: 'The CDK adds the addresses of Firehose to every stack with a stream.',
    },
    {
      id: 'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason: 'The CDK function that sets up notifications may write every log; all buckets of a stack share it.',
    },
    {
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'The CDK function that sets up notifications does not know its bucket.',
    },
  );
}

/** A resolved text as cdk-nag shows it, references between angle brackets. */
function shown(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[key, inner] = []] = Object.entries(value);
  if (key === 'Ref') return `<${inner}>`;
  if (key === 'Fn::GetAtt') return `<${inner.join('.')}>`;
  if (key === 'Fn::Join') return inner[1].map(shown).join(inner[0]);
  throw new Error(`expected text or references, but got ${JSON.stringify(value)}`);
}
