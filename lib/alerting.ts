import { RemovalPolicy } from 'aws-cdk-lib';
import { SlackChannelConfiguration } from 'aws-cdk-lib/aws-chatbot';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Options } from './context.ts';
import type { DeadLetters } from './dead-letters.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import type { LedgerBus } from './ledger-bus.ts';
import type { LiveStore } from './live-store.ts';
import { serviceOfThisAccount } from './trust.ts';

export interface AlertingProps {
  readonly options: Options;
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

  constructor(scope: Construct, id: string, { options, live, bus, deadLetters }: AlertingProps) {
    super(scope, id);
    // CloudWatch alarms cannot use the key that AWS manages for SNS, so the topics have a key of their own.
    const key = new Key(this, 'Key', {
      description: `Alert topics of the run ledger of stack ${options.stackName}`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const topic = (name: string) => new Topic(this, name, { masterKey: key, enforceSSL: true });
    this.mail = topic('Mail');
    this.chat = topic('Chat');
    for (const address of options.alertEmails) this.mail.addSubscription(new EmailSubscription(address));
    if (options.slackWorkspaceId !== undefined && options.slackChannelId !== undefined) {
      new SlackChannelConfiguration(this, 'Slack', {
        slackChannelConfigurationName: options.stackName,
        slackWorkspaceId: options.slackWorkspaceId,
        slackChannelId: options.slackChannelId,
        notificationTopics: [this.chat],
        // Without a guardrail every member of the channel could act as an administrator.
        guardrailPolicies: [ManagedPolicy.fromAwsManagedPolicyName('CloudWatchReadOnlyAccess')],
      });
    }

    this.notify = new LedgerFunction(this, 'Notify', {
      ...functionDefaults(options),
      handler: 'notify',
      description: 'Sends each alert of a failed or late run to people, once',
      environment: {
        LEDGER_TABLE: live.table.tableName,
        LEDGER_MAIL_TOPIC: this.mail.topicArn,
        LEDGER_CHAT_TOPIC: this.chat.topicArn,
      },
    });
    live.grantNotificationLog(this.notify.function);
    this.notify.function.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(deadLetters.queue) });
    bus.subscribe(['Run Failed', 'Run Late'], this.notify, deadLetters);

    const alarms = serviceOfThisAccount('cloudwatch.amazonaws.com');
    for (const each of [this.mail, this.chat]) {
      each.grantPublish(this.notify.function);
      // A topic policy replaces the default one, under which alarms of the account could publish.
      each.grantPublish(alarms);
    }
    key.grant(alarms, 'kms:Decrypt', 'kms:GenerateDataKey*');
  }

  /** Messages that SNS could not deliver. */
  metricUndelivered(topic: Topic): Metric {
    return topic.metricNumberOfNotificationsFailed({ statistic: 'Sum' });
  }
}
