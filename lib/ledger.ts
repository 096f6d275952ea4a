import { CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import type { IGrantable, IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { AccessLog } from './access-log.ts';
import { acknowledge } from './acknowledge.ts';
import { Alerting } from './alerting.ts';
import { type LedgerProps, optionsOf } from './context.ts';
import { removalOf } from './data-removal.ts';
import { DeadLetters } from './dead-letters.ts';
import { keyOf, servicesUse } from './deployment.ts';
import { HistoryLane } from './history-lane.ts';
import { HttpApi } from './http-api.ts';
import { Ingest } from './ingest.ts';
import { Lake } from './lake.ts';
import { LakeFormation } from './lake-formation.ts';
import { LedgerBus } from './ledger-bus.ts';
import { LiveLane } from './live-lane.ts';
import { LiveStore } from './live-store.ts';
import { Migrations } from './migrations.ts';
import { Operations } from './operations.ts';
import { OperatorPolicy, stackArnOf } from './operator-policy.ts';
import { PipelineDashboard } from './pipeline-dashboard.ts';
import { Pipelines } from './pipelines.ts';
import { ReaderPolicy } from './reader-policy.ts';
import { Recovery } from './recovery.ts';
import { Reports } from './reports.ts';
import { ResponderPolicy } from './responder-policy.ts';

/**
 * The ledger of one environment, in a stack of any app: at most one a stack, whose name its database, workgroup and
 * metrics bear. Its constructs are in the order in which data passes them. Throws one error that names every wrong
 * option.
 */
export class Ledger extends Construct {
  /** Attach it to the role of a pipeline: it allows to put records and nothing else. */
  readonly producerPolicy: IManagedPolicy;
  /** Attach it to people and tools that ask: it allows to read the tables and the live runs. */
  readonly readerPolicy: IManagedPolicy;
  /** Attach it to an operator of the ledger. */
  readonly operatorPolicy: IManagedPolicy;
  /** Attach it to who is on call: it allows to acknowledge, resolve and silence, to apply a file of pipelines, and to run runs again. */
  readonly responderPolicy: IManagedPolicy;
  /** The Firehose stream that takes events. */
  readonly streamName: string;
  /** The DynamoDB table of what is live; pipelines read their watermarks from it. */
  readonly tableName: string;
  readonly bucket: IBucket;
  /** Alerts and alarms as plain text, and as messages of a chat. */
  readonly mailTopic: ITopic;
  readonly chatTopic: ITopic;
  private readonly ingest: Ingest;
  private readonly live: LiveStore;

  constructor(scope: Construct, id: string, { encryptionKey, ...props }: LedgerProps = {}) {
    super(scope, id);
    const stack = Stack.of(this);
    const given = optionsOf(
      { ...props, stackName: stack.stackName },
      'They are the props of a Ledger; its README lists them.',
    );
    for (const statement of servicesUse()) encryptionKey?.addToResourcePolicy(statement);
    const options = { ...given, encryptionKey: keyOf(this, encryptionKey?.keyArn ?? given.kmsKeyArn) };
    const stackArn = stackArnOf(stack);
    const removal = removalOf(this, options);
    const deadLetters = new DeadLetters(this, 'Undone', options);
    const lake = new Lake(this, 'Lake', { options, removal });
    const migrations = new Migrations(this, 'Migrations', { options, lake });
    const ingest = new Ingest(this, 'Ingest', { options, lake, deadLetters });
    const live = new LiveStore(this, 'LiveStore', { options, removal });
    const bus = new LedgerBus(this, 'Bus', { description: `What the run ledger ${stack.stackName} has done` });
    const liveLane = new LiveLane(this, 'LiveLane', { options, lake, live, bus, deadLetters });
    const historyLane = new HistoryLane(this, 'HistoryLane', {
      ...{ options, lake, live, bus, ingest, migrations, deadLetters },
    });
    const alerting = new Alerting(this, 'Alerting', { options, lake, live, bus, deadLetters });
    const recovery = new Recovery(this, 'Recovery', { options, lake, ingest, live, bus, deadLetters });
    const reports =
      options.reports.length > 0 ? new Reports(this, 'Reports', { options, lake, alerting, deadLetters }) : undefined;
    if (options.pipelinesFile !== undefined)
      new Pipelines(this, 'Pipelines', { options, path: options.pipelinesFile, lake, live });
    migrations.follow(...alerting.subscribers);
    const httpApi = options.httpApi
      ? new HttpApi(this, 'HttpApi', { options, stackArn, ingest, live, lake })
      : undefined;
    if (options.lakeFormation) {
      const asking = [httpApi?.page?.serve, reports?.send].flatMap((each) => each?.function.role?.roleArn ?? []);
      const readers = [...options.lakeFormationReaders, ...asking];
      const operators = options.lakeFormationOperators;
      new LakeFormation(this, 'LakeFormation', { lake, migrations, historyLane, readers, operators });
    }
    const own = [migrations.migrate, ...historyLane.writers.map(({ writer }) => writer)];
    const accessLog = options.accessLog
      ? new AccessLog(this, 'AccessLog', { options, lake, own, deadLetters })
      : undefined;
    if (options.dashboardPipelines.length > 0) {
      const { dashboardPipelines: pipelines, environment } = options;
      new PipelineDashboard(this, 'PipelineDashboard', { pipelines, environment });
    }
    new Operations(this, 'Operations', {
      ...{ options, lake, ingest, liveLane, historyLane, alerting, recovery, accessLog, httpApi, deadLetters },
    });

    const readerPolicy = new ReaderPolicy(this, 'ReaderPolicy', {
      ...{ description: `Reads the ledger ${stack.stackName}`, stackArn },
      ...{ lake, live },
    });
    const operatorPolicy = new OperatorPolicy(this, 'OperatorPolicy', {
      ...{ description: `Operates the ledger ${stack.stackName}`, stackArn },
      ...{ lake, live, ingest, liveLane, alerting, deadLetters },
    });

    const responderPolicy = new ResponderPolicy(this, 'ResponderPolicy', {
      ...{ description: `Responds to incidents of the ledger ${stack.stackName}`, stackArn },
      ...{ lake, live, alerting, recovery },
    });

    nameResources(stack, {
      Environment: options.environment,
      NotifyFunctionName: alerting.notify.function.functionName,
      RecoverFunctionName: recovery.recover.function.functionName,
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
      ResponderPolicyArn: responderPolicy.managedPolicyArn,
      RuleRoleArn: ingest.ruleRole.roleArn,
      ...(accessLog && { AuditorPolicyArn: accessLog.auditorPolicy.managedPolicyArn }),
      ...(reports && {
        ReportTopicArns: Fn.join(
          ' ',
          reports.topics.map(({ topicArn }) => topicArn),
        ),
      }),
      ...(httpApi?.page && { PageUrl: httpApi.url }),
      ...(httpApi && { HttpApiUrl: httpApi.url, TokensPolicyArn: httpApi.tokensPolicy.managedPolicyArn }),
      ...(ingest.producerRole && { ProducerRoleArn: ingest.producerRole.roleArn }),
    });
    acknowledge(this, { lake, live, recovery });

    this.ingest = ingest;
    this.live = live;
    this.producerPolicy = ingest.producerPolicy;
    this.readerPolicy = readerPolicy;
    this.operatorPolicy = operatorPolicy;
    this.responderPolicy = responderPolicy;
    this.streamName = ingest.stream.deliveryStreamName;
    this.tableName = live.table.tableName;
    this.bucket = lake.bucket;
    this.mailTopic = alerting.mail;
    this.chatTopic = alerting.chat;
  }

  /** Allows a pipeline of the same app to put events. */
  grantPut(grantee: IGrantable): void {
    this.ingest.grantPut(grantee);
  }

  /** Allows a pipeline of the same app to read how far the pipelines' data has come, from the table `tableName`. */
  grantReadWatermarks(grantee: IGrantable): void {
    this.live.grantReadWatermarks(grantee);
  }
}

/** The command line finds the ledger's resources by the outputs of its stack. */
function nameResources(stack: Stack, outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) {
    if (stack.node.tryFindChild(name) !== undefined)
      throw new Error(
        `expected at most one Ledger in a stack, whose outputs name its resources, but ${stack.stackName} already has ${name}; give the second ledger a stack of its own`,
      );
    new CfnOutput(stack, name, { value });
  }
}
