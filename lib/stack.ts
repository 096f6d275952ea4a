import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { Alerting } from './alerting.ts';
import { removalOf } from './data-removal.ts';
import { DeadLetters } from './dead-letters.ts';
import { HistoryLane } from './history-lane.ts';
import { Ingest } from './ingest.ts';
import { Lake } from './lake.ts';
import { LakeFormation } from './lake-formation.ts';
import { LedgerBus } from './ledger-bus.ts';
import { LiveLane } from './live-lane.ts';
import { LiveStore } from './live-store.ts';
import { Migrations } from './migrations.ts';
import { Operations } from './operations.ts';
import { grantFind, OperatorPolicy } from './operator-policy.ts';
import type { Options } from './options.ts';

export interface LedgerStackProps extends StackProps {
  readonly options: Options;
}

/** The ledger of one environment. Its constructs are in the order in which data passes them. */
export class LedgerStack extends Stack {
  constructor(scope: Construct, id: string, { options, ...props }: LedgerStackProps) {
    super(scope, id, { ...props, description: `Run ledger of environment ${options.environment}` });
    const removal = removalOf(this, options);
    const deadLetters = new DeadLetters(this, 'Undone');
    const lake = new Lake(this, 'Lake', { ...options, scanLimitBytes: options.scanLimitGb * 1e9, removal });
    const migrations = new Migrations(this, 'Migrations', { options, lake });
    const ingest = new Ingest(this, 'Ingest', { options, lake, deadLetters });
    const live = new LiveStore(this, 'LiveStore', { removal });
    const bus = new LedgerBus(this, 'Bus', { description: `What the run ledger ${this.stackName} has done` });
    const liveLane = new LiveLane(this, 'LiveLane', { options, lake, live, bus, deadLetters });
    const historyLane = new HistoryLane(this, 'HistoryLane', {
      ...{ options, lake, live, bus, ingest, migrations, deadLetters },
    });
    const alerting = new Alerting(this, 'Alerting', { options, live, bus, deadLetters });
    migrations.follow(...alerting.subscribers);
    if (options.lakeFormation) {
      const [readers, operators] = [options.lakeFormationReaders, options.lakeFormationOperators];
      new LakeFormation(this, 'LakeFormation', { lake, migrations, historyLane, readers, operators });
    }
    new Operations(this, 'Operations', { options, lake, ingest, liveLane, historyLane, alerting, deadLetters });

    const readerPolicy = new ManagedPolicy(this, 'ReaderPolicy', { description: `Reads the ledger ${this.stackName}` });
    lake.grantRead(readerPolicy);
    live.grantRead(readerPolicy);
    grantFind(readerPolicy, this.stackId);
    const operatorPolicy = new OperatorPolicy(this, 'OperatorPolicy', {
      ...{ description: `Operates the ledger ${this.stackName}`, stackArn: this.stackId },
      ...{ lake, live, ingest, liveLane, alerting, deadLetters },
    });

    const outputs = {
      BucketName: lake.bucket.bucketName,
      DatabaseName: lake.database.databaseName,
      WorkgroupName: lake.workgroup.name,
      StreamName: ingest.stream.deliveryStreamName,
      TableName: live.table.tableName,
      BusName: bus.bus.eventBusName,
      MailTopicArn: alerting.mail.topicArn,
      ChatTopicArn: alerting.chat.topicArn,
      UntrackedQueueUrl: liveLane.untracked.queue.queueUrl,
      UndoneQueueUrl: deadLetters.queue.queueUrl,
      ProducerPolicyArn: ingest.producerPolicy.managedPolicyArn,
      ReaderPolicyArn: readerPolicy.managedPolicyArn,
      OperatorPolicyArn: operatorPolicy.managedPolicyArn,
      RuleRoleArn: ingest.ruleRole.roleArn,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
    acknowledge(this, { lake, live });
  }
}
