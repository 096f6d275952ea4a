import { CfnResource, Stack, Validations } from 'aws-cdk-lib';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct, IConstruct } from 'constructs';
import { SHADOW_SUFFIX, TABLES } from '../core/schema/columns.ts';
import type { Lake } from './lake.ts';
import type { LiveStore } from './live-store.ts';
import { PREFIXES } from './prefixes.ts';

/** Acknowledges the findings of validators (cdk-nag, CloudFormation's rules) that are intended, each with its reason. Call it last. */
export function acknowledge(scope: Construct, { lake, live }: { readonly lake: Lake; readonly live: LiveStore }): void {
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
  allow('AwsSolutions::AwsSolutions-SQS3', 'The queues without a dead-letter queue are the dead-letter queues.');

  wildcard('Resource::*', 'X-Ray and the lists of Athena know no resources.');
  wildcard('Action::kms:GenerateDataKey*', 'SNS asks for a data key with or without its plain text.');
  const bucket = idOf(lake.bucket);
  const tables = TABLES.map(({ name }) => `${PREFIXES.tables}${name}-`);
  for (const prefix of [...Object.values(PREFIXES), ...tables]) {
    wildcard(`Resource::<${bucket}.Arn>/${prefix}*`, 'The objects below one folder of the bucket.');
  }
  wildcard(`Resource::<${idOf(live.table)}.Arn>/index/*`, 'The indexes of the one table.');
  wildcard(
    `Resource::arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:table/<${idOf(lake.database)}>/*`,
    'The tables of the one database, those of a later version included.',
  );
  for (const kind of ['table', 'userDefinedFunction']) {
    wildcard(
      `Resource::arn:<AWS::Partition>:glue:<AWS::Region>:<AWS::AccountId>:${kind}/<${idOf(lake.database)}>${SHADOW_SUFFIX}/*`,
      'What a rebuild makes and drops again.',
    );
  }
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

function idOf(construct: IConstruct): string {
  const resource = construct.node.defaultChild;
  if (!(resource instanceof CfnResource))
    throw new Error(`expected a resource below ${construct.node.path}, but got none`);
  return Stack.of(construct).getLogicalId(resource);
}
