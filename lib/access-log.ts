import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import type { Lake } from './lake.ts';

export interface AccessLogProps {
  readonly options: Deployment;
  readonly lake: Lake;
  /** The ledger's own functions that run SQL: what they ask is not recorded. */
  readonly own: readonly LedgerFunction[];
  readonly deadLetters: DeadLetters;
}

/** Records who asked Athena what: CloudTrail tells EventBridge of each call, which needs a trail in the account. */
export class AccessLog extends Construct {
  readonly record: LedgerFunction;
  /** Attach it, beside the reader's, to those who may see what others ask. Operators need not. */
  readonly auditorPolicy: ManagedPolicy;

  constructor(scope: Construct, id: string, { options, lake, own, deadLetters }: AccessLogProps) {
    super(scope, id);
    this.record = new LedgerFunction(this, 'RecordAccess', {
      ...functionDefaults(options),
      handler: 'record-access',
      description: 'Records who asked Athena what',
      environment: {
        LEDGER_BUCKET: lake.bucket.bucketName,
        LEDGER_MASK_PATTERNS: JSON.stringify(options.maskPatterns),
      },
    });
    lake.grantRecordAccess(this.record.function);
    this.auditorPolicy = new ManagedPolicy(this, 'AuditorPolicy', {
      description: `Reads who asked the ledger ${options.stackName} what`,
    });
    lake.grantReadAccess(this.auditorPolicy);
    this.record.function.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(deadLetters.queue) });
    const ownRoles = own.map(({ function: { role, node } }) => {
      if (role === undefined) throw new Error(`expected a role of ${node.path}, got none`);
      return role.roleArn;
    });
    const ofRole = (arn: readonly object[]) => ({ userIdentity: { sessionContext: { sessionIssuer: { arn } } } });
    new Rule(this, 'Asked', {
      description: `Questions in the workgroup ${lake.workgroup.name}, but the ledger's own`,
      eventPattern: {
        source: ['aws.athena'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: {
          eventSource: ['athena.amazonaws.com'],
          eventName: ['StartQueryExecution'],
          requestParameters: { workGroup: [lake.workgroup.name] },
          // A user of IAM has no role.
          $or: [ofRole([{ exists: false }]), ofRole([{ 'anything-but': ownRoles }])],
        },
      },
      targets: [
        new LambdaFunction(this.record.function, {
          retryAttempts: 3,
          maxEventAge: Duration.hours(1),
          deadLetterQueue: deadLetters.queue,
        }),
      ],
    });
  }
}
