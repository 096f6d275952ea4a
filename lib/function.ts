import { dirname } from 'node:path';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, type LogGroupProps, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type ISchedule, Schedule, type ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { executionRole } from './execution-role.ts';
import { type Network, placeInVpc } from './network.ts';
import { bundleOf, VERSION } from './own-package.ts';

export interface LedgerFunctionProps {
  /** The name of a file in `lambdas/`, without its extension; the file exports `handler`. */
  readonly handler: string;
  readonly description: string;
  /** The environment variables from which the handler reads its configuration. */
  readonly environment: Readonly<Record<string, string>>;
  /** Megabytes of memory; the processor's share grows with it. @default 512 */
  readonly memoryMb?: number;
  /** @default one minute */
  readonly timeout?: Duration;
  /**
   * Whether X-Ray traces its calls. X-Ray bills each trace: for a function that people call millions of times, more than
   * everything else that a call costs. @default true
   */
  readonly isTraced?: boolean;
  readonly logs: LogGroupProps;
  /** @default outside of any VPC */
  readonly network?: Network;
}

/** Props that all functions of a stack share. */
export const functionDefaults = ({
  functionLogDays,
  encryptionKey,
  subnetIds,
  securityGroupIds,
}: Deployment): Pick<LedgerFunctionProps, 'logs' | 'network'> => ({
  logs: {
    ...{ retention: functionLogDays as RetentionDays, removalPolicy: RemovalPolicy.DESTROY },
    ...(encryptionKey && { encryptionKey }),
  },
  ...(subnetIds.length > 0 && { network: { subnetIds, securityGroupIds } }),
});

/**
 * A function of the ledger: Node 24 on ARM, one ESM bundle that `scripts/build-functions.mjs` makes, JSON logs, traced.
 * The bundle includes the SDK: AWS updates that of the runtime without a deployment; a bundled one stays as it was tested.
 */
export class LedgerFunction extends Construct {
  readonly function: LambdaFunction;
  readonly handler: string;
  private isCalled = false;

  constructor(scope: Construct, id: string, props: LedgerFunctionProps) {
    super(scope, id);
    this.handler = props.handler;
    const logGroup = new LogGroup(this, 'Logs', props.logs);
    this.function = new LambdaFunction(this, 'Function', {
      code: Code.fromAsset(dirname(bundleOf(props.handler))),
      handler: 'index.handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb ?? 512,
      timeout: props.timeout ?? Duration.minutes(1),
      tracing: props.isTraced === false ? Tracing.DISABLED : Tracing.ACTIVE,
      environment: {
        ...props.environment,
        LEDGER_VERSION: VERSION,
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: Stack.of(this).stackName,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
      },
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // Lambda's line at start and end of each invocation adds nothing to its metrics.
      systemLogLevelV2: SystemLogLevel.WARN,
      logGroup,
      role: executionRole(this, 'Role', logGroup),
    });
    if (props.network) placeInVpc(this.function, props.network);
  }

  /**
   * Calls the function on a schedule. A call that cannot be made within one period, or within six hours, is given up: the
   * next call does the same work, and delayed calls would do it several times. So a call that failed is left to the next
   * one; where that is a day away, it is made again twice, and then kept among the undone. Several schedules have ids, and what they pass.
   */
  callAt(
    schedule: ScheduleExpression,
    period: Duration,
    deadLetters: DeadLetters,
    onFailure: 'next' | 'again' = 'next',
    { id = 'Schedule', input }: { readonly id?: string; readonly input?: object } = {},
  ): void {
    const { queue } = deadLetters;
    const call = new LambdaInvoke(this.function, {
      retryAttempts: 2,
      maxEventAge: period,
      deadLetterQueue: queue,
      ...(input && { input: ScheduleTargetInput.fromObject(input) }),
    });
    const bind = (each: ISchedule) => {
      const bound = call.bind(each);
      // The CDK lets the role write into the queue, and forgets the queue's key.
      queue.encryptionMasterKey?.grant(bound.role, 'kms:Decrypt', 'kms:GenerateDataKey');
      return bound;
    };
    new Schedule(this, id, { schedule, target: { bind } });
    if (this.isCalled) return;
    this.isCalled = true;
    this.function.configureAsyncInvoke({
      maxEventAge: shorter(period, LONGEST_EVENT_AGE),
      ...(onFailure === 'again' ? { retryAttempts: 2, onFailure: new SqsDestination(queue) } : { retryAttempts: 0 }),
    });
  }

  /** A metric that this function writes itself. The period is at least as long as from one writing to the next. */
  metric(metricName: string, statistic: 'Sum' | 'Maximum', period = Duration.minutes(5)): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { service: Stack.of(this).stackName },
      statistic,
      period,
    });
  }
}

/** "MaximumEventAgeInSeconds: maximum value of 21600" (API reference of PutFunctionEventInvokeConfig). */
const LONGEST_EVENT_AGE = Duration.hours(6);
const shorter = (a: Duration, b: Duration): Duration => (a.toSeconds() < b.toSeconds() ? a : b);

/** The CloudWatch namespace of the functions' own metrics. Their dimension `service` is the stack's name. */
export const METRICS_NAMESPACE = 'Runledger';
