import type { Finding } from './finding.ts';

/** A finding that is as intended, or not one: the resources it is about, by logical id without the CDK's hash, and why. */
export interface Accepted extends Pick<Finding, 'tool' | 'rule'> {
  readonly on: RegExp;
  readonly reason: string;
}

/** Every finding that is accepted. One that no longer occurs fails as well as one that is not here. */
export const ACCEPTED: readonly Accepted[] = [
  {
    ...{ tool: 'cfn-lint', rule: 'W3005', on: /^/ },
    reason: 'The CDK names a dependency that a reference implies; CloudFormation takes both.',
  },
  {
    ...{ tool: 'cfn-lint', rule: 'W7001', on: /^awscdkawskinesisfirehoseCidrBlocks$/ },
    reason: 'The CDK adds the addresses of Firehose to every stack with a stream.',
  },
  {
    ...{ tool: 'cfn-lint', rule: 'E3006', on: /^AlertingSlack$/ },
    reason: 'Without the two Slack options there is no such resource; in China and GovCloud AWS offers none.',
  },
  {
    ...{ tool: 'cfn-lint', rule: 'E3012', on: /^LakeFormationOperator\d+Rebuilds$/ },
    reason:
      'The linter wants text; the resource takes JSON, an empty object (CloudFormation: PrincipalPermissions Resource).',
  },
  {
    ...{ tool: 'parliament', rule: 'RESOURCE_POLICY_PRIVILEGE_ESCALATION', on: /^LakeBucketPolicy$/ },
    reason:
      'With dataRemoval=delete a function of the CDK empties the bucket before it goes, and first forbids others to write into it.',
  },
  {
    ...{ tool: 'parliament', rule: 'RESOURCE_MISMATCH', on: /^LakeBucketPolicy$/ },
    reason: 'That function is granted s3:List*, of which some actions know no bucket.',
  },
  {
    ...{ tool: 'parliament', rule: 'RESOURCE_MISMATCH', on: /^RecoveryRecoverRoleDefaultPolicy$/ },
    reason:
      'Express executions cannot be looked at, and the guide of Batch grants SubmitJob on job definitions and queues alone.',
  },
  {
    ...{ tool: 'parliament', rule: 'RESOURCE_STAR', on: /^AlertingKey$/ },
    reason: 'In the policy of a key, * is the key itself.',
  },
  {
    ...{ tool: 'parliament', rule: 'RESOURCE_STAR', on: /RoleDefaultPolicy$/ },
    reason:
      'With subnetIds Lambda makes network interfaces with the role of the function, which have no names before; a statement denies the same to the code of the function.',
  },
  {
    ...{ tool: 'checkov', rule: 'CKV_AWS_111', on: /RoleDefaultPolicy$/ },
    reason: 'The same network interfaces.',
  },
  {
    ...{ tool: 'parliament', rule: 'RESOURCE_MISMATCH', on: /^Alerting.*RoleDefaultPolicy$/ },
    reason: 'The guide of SNS lists firehose:ListDeliveryStreams among the rights on a subscribed stream.',
  },
  {
    ...{ tool: 'checkov', rule: 'CKV_AWS_7', on: /^AlertingKey$/ },
    reason: 'docs/decisions/011-a-key-that-is-not-rotated.md',
  },
  {
    ...{ tool: 'checkov', rule: 'CKV_AWS_18', on: /^LakeBucket$/ },
    reason:
      'Data events of CloudTrail record who reads the bucket, and the account decides whether to switch them on; access logs would be a second bucket to pay for and guard.',
  },
  {
    ...{ tool: 'checkov', rule: 'CKV_AWS_27', on: /(Queue|Landed)$/ },
    reason: 'The queues are encrypted with the key of SQS (SqsManagedSseEnabled), which this check does not know.',
  },
  {
    ...{ tool: 'checkov', rule: 'CKV_AWS_115', on: /./ },
    reason: 'A reservation takes from the ten executions that a new account has, and AWS refuses it there.',
  },
  {
    ...{ tool: 'checkov', rule: 'CKV_AWS_116', on: /./ },
    reason:
      'It looks for a DeadLetterConfig. Calls that nobody makes again (ReacceptFailed) go to the queue Undone by their asynchronous configuration; the next call of the others does the same work.',
  },
  {
    ...{ tool: 'checkov', rule: 'CKV_AWS_117', on: /./ },
    reason:
      'The functions call AWS and nothing else, over TLS, and listen to nobody; a VPC would need endpoints, which cost more than the idle ledger.',
  },
  {
    ...{ tool: 'checkov', rule: 'CKV_AWS_119', on: /^LiveStoreTable$/ },
    reason: 'A key that AWS owns encrypts the table, at no cost.',
  },
  {
    ...{ tool: 'checkov', rule: 'CKV_AWS_158', on: /Logs$/ },
    reason: 'CloudWatch encrypts logs with a key of its own; they hold counts and errors, and no events.',
  },
  {
    ...{ tool: 'checkov', rule: 'CKV_AWS_173', on: /./ },
    reason: 'The variables are names of resources and options, which the template shows anyway, and no secrets.',
  },
];
