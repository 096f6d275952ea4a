import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable, Role } from 'aws-cdk-lib/aws-iam';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import type { Ingest } from './ingest.ts';
import type { Lake } from './lake.ts';
import type { LedgerBus } from './ledger-bus.ts';
import { type LiveStore, liveEnvironment } from './live-store.ts';
import { grantRestart } from './restart-targets.ts';
import { grantSecrets } from './secrets.ts';
import { serviceOfThisAccount } from './trust.ts';

export interface RecoveryProps {
  readonly options: Deployment;
  readonly lake: Lake;
  readonly ingest: Ingest;
  readonly live: LiveStore;
  readonly bus: LedgerBus;
  readonly deadLetters: DeadLetters;
}

/**
 * Carries out what was decided about failed runs: the one function that may start and stop runs of pipelines, called on the
 * bus, by one-time schedules, and by people. It is never called, and costs nothing, while the file of pipelines names no
 * restart target.
 */
export class Recovery extends Construct {
  readonly recover: LedgerFunction;
  /** The one-time schedules that call it. */
  readonly schedulesArn: string;
  /** What it may look at and stop by a wildcard: runs that it starts. */
  readonly startedRuns: readonly string[];

  constructor(scope: Construct, id: string, { options, lake, ingest, live, bus, deadLetters }: RecoveryProps) {
    super(scope, id);
    const wakeUps = new ScheduleGroup(this, 'WakeUps', { removalPolicy: RemovalPolicy.DESTROY });
    const wakes = new Role(this, 'Wakes', {
      description: `Calls the function of the run ledger ${options.stackName} that starts runs, when one is due`,
      assumedBy: serviceOfThisAccount('scheduler.amazonaws.com'),
    });
    this.recover = new LedgerFunction(this, 'Recover', {
      ...functionDefaults(options),
      handler: 'recover',
      description: 'Starts and stops runs as was decided, and tells the decisions',
      environment: {
        ...liveEnvironment(live, options),
        LEDGER_BUCKET: lake.bucket.bucketName,
        LEDGER_BUS: bus.bus.eventBusName,
        LEDGER_STREAM: ingest.stream.deliveryStreamName,
        LEDGER_WAKE_UP_GROUP: wakeUps.scheduleGroupName,
        LEDGER_WAKE_UP_ROLE: wakes.roleArn,
      },
      // Targets that answer slowly are waited for.
      timeout: Duration.minutes(5),
    });
    const { function: recover } = this.recover;
    Grant.addToPrincipal({ grantee: wakes, actions: ['lambda:InvokeFunction'], resourceArns: [recover.functionArn] });
    // What it did not do waits, and the clock calls it again within a minute.
    recover.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    bus.subscribe(['Recoveries Waiting'], this.recover, deadLetters);
    bus.grantPublish(recover);
    live.grantRead(recover);
    live.grantIncidents(recover);
    live.grantRecoveries(recover);
    lake.grantReadPipelines(recover);
    lake.grantTellDecisions(recover);
    ingest.grantPut(recover);
    grantSecrets(recover);
    this.startedRuns = grantRestart(recover, options.restartTargets);
    this.schedulesArn = `arn:${Aws.PARTITION}:scheduler:${Aws.REGION}:${Aws.ACCOUNT_ID}:schedule/${wakeUps.scheduleGroupName}/*`;
    Grant.addToPrincipal({
      grantee: recover,
      actions: ['scheduler:CreateSchedule'],
      resourceArns: [this.schedulesArn],
    });
    Grant.addToPrincipal({
      grantee: recover,
      actions: ['iam:PassRole'],
      resourceArns: [wakes.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    });
  }

  /** Allows to have carried out what is due. */
  grantCall(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.recover.function.functionArn],
    });
  }

  /** Calls that failed: what is due waits for the next one. */
  metricFailures(): Metric {
    return this.recover.function.metricErrors({ statistic: 'Sum', period: Duration.minutes(15) });
  }
}
