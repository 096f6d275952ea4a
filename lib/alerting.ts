import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable, ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { AlertSubscriber } from './alert-subscriber.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import type { Lake } from './lake.ts';
import type { LedgerBus } from './ledger-bus.ts';
import { type LiveStore, liveEnvironment } from './live-store.ts';
import { grantSecrets } from './secrets.ts';
import { serviceOfThisAccount } from './trust.ts';

export interface AlertingProps {
  readonly options: Deployment;
  readonly lake: Lake;
  readonly live: LiveStore;
  readonly bus: LedgerBus;
  readonly deadLetters: DeadLetters;
}

/** Notifies people: a mail topic and a chat topic, encrypted with a key of their own. */
export class Alerting extends Construct {
  readonly notify: LedgerFunction;
  readonly mail: Topic;
  /** A topic of its own, because Amazon Q shows only its own JSON, which is unreadable as a mail. */
  readonly chat: Topic;
  /** What a deployment can fail at because of its options: addresses, and a Slack workspace that was not authorised. */
  readonly subscribers: readonly Construct[];
  /** Under which messages lie on their way. */
  readonly key: IKey;

  constructor(scope: Construct, id: string, { options, lake, live, bus, deadLetters }: AlertingProps) {
    super(scope, id);
    const key = options.encryptionKey ?? this.ownKey(options.stackName);
    this.key = key;
    const topic = (name: string) => new Topic(this, name, { masterKey: key, enforceSSL: true });
    this.mail = topic('Mail');
    this.chat = topic('Chat');
    for (const address of options.alertEmails) this.mail.addSubscription(new EmailSubscription(address));
    // Named after what they are: another order of the list changes nothing.
    const others = options.alertSubscribers.map(
      (endpoint) => new AlertSubscriber(this, endpoint.replaceAll('/', '|'), { topic: this.mail, endpoint }),
    );
    const { slackWorkspaceId, slackChannelId } = options;
    const hasSlack = slackWorkspaceId !== undefined && slackChannelId !== undefined;
    this.subscribers = [
      this.mail,
      ...others.map(({ subscription }) => subscription),
      ...(hasSlack ? [this.slack(options.stackName, { slackWorkspaceId, slackChannelId })] : []),
    ];

    this.notify = new LedgerFunction(this, 'Notify', {
      ...functionDefaults(options),
      handler: 'notify',
      description: 'Tells people what became of incidents, each change once on each route',
      environment: {
        ...liveEnvironment(live, options),
        LEDGER_BUCKET: lake.bucket.bucketName,
        LEDGER_BUS: bus.bus.eventBusName,
        LEDGER_ENVIRONMENT: options.environment,
        LEDGER_COMMAND: `runledger --aws --stack ${options.stackName}`,
        LEDGER_MAIL_TOPIC: this.mail.topicArn,
        LEDGER_CHAT_TOPIC: this.chat.topicArn,
      },
      // Receivers that answer slowly are waited for.
      timeout: Duration.minutes(5),
    });
    live.grantRead(this.notify.function);
    live.grantIncidents(this.notify.function);
    live.grantNotificationLog(this.notify.function);
    lake.grantNotify(this.notify.function);
    bus.grantPublish(this.notify.function);
    grantSecrets(this.notify.function);
    // What it did not send waits, and the clock calls it again within a minute.
    this.notify.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    bus.subscribe(['Notices Waiting'], this.notify, deadLetters);

    const alarms = serviceOfThisAccount('cloudwatch.amazonaws.com');
    for (const each of [this.mail, this.chat]) {
      each.grantPublish(this.notify.function);
      // A topic policy replaces the default one, under which alarms of the account could publish.
      each.grantPublish(alarms);
    }
  }

  /** CloudWatch alarms cannot use the key that AWS manages for SNS. */
  private ownKey(stackName: string): Key {
    const key = new Key(this, 'Key', {
      description: `Alert topics of the run ledger of stack ${stackName}`,
      // It guards messages on their way and nothing that lies: docs/decisions/011-a-key-that-is-not-rotated.md.
      enableKeyRotation: false,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.grant(serviceOfThisAccount('cloudwatch.amazonaws.com'), 'kms:Decrypt', 'kms:GenerateDataKey*');
    return key;
  }

  private slack(
    slackChannelConfigurationName: string,
    channel: { readonly slackWorkspaceId: string; readonly slackChannelId: string },
  ): SlackChannelConfiguration {
    return new SlackChannelConfiguration(this, 'Slack', {
      slackChannelConfigurationName,
      ...channel,
      notificationTopics: [this.chat],
      // Without a guardrail every member of the channel could act as an administrator.
      guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('CloudWatchReadOnlyAccess')],
    });
  }

  /** Allows to send a message to try a route. */
  grantTest(grantee: IGrantable): void {
    const resourceArns = [this.notify.function.functionArn];
    Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns });
  }

  /** Notices that a route did not take: they wait, and are tried again. */
  metricWaiting(): Metric {
    return this.notify.metric('undelivered_notices', 'Maximum');
  }

  /** Messages that SNS could not deliver. */
  metricUndelivered(topic: Topic): Metric {
    return topic.metricNumberOfNotificationsFailed({ statistic: 'Sum' });
  }
}
