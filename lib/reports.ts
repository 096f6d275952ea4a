import { Duration, TimeZone } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Alerting } from './alerting.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Deployment } from './deployment.ts';
import { functionDefaults, LedgerFunction } from './function.ts';
import { engineEnvironment, type Lake } from './lake.ts';

export interface ReportsProps {
  readonly options: Deployment;
  readonly lake: Lake;
  readonly alerting: Alerting;
  readonly deadLetters: DeadLetters;
}

/**
 * Reports by the clock: each is asked of Athena, kept as an HTML file in the lake, and sent as text to a topic of its own,
 * whose subscribers are those whom it is for.
 */
export class Reports extends Construct {
  readonly send: LedgerFunction;
  readonly topics: readonly Topic[];

  constructor(scope: Construct, id: string, { options, lake, alerting, deadLetters }: ReportsProps) {
    super(scope, id);
    this.send = new LedgerFunction(this, 'SendReport', {
      ...functionDefaults(options),
      handler: 'send-report',
      description: 'Makes reports of the day or the week, keeps them, and sends them',
      environment: engineEnvironment(lake),
      // Eight questions, one after the other.
      timeout: Duration.minutes(15),
    });
    lake.grantReport(this.send.function);
    this.topics = options.reports.map(({ period, owner = '', environment = '', emails, hour }, index) => {
      const topic = new Topic(this, `Topic${index}`, {
        displayName: `Runledger: the ${period} of ${owner || 'all pipelines'}`.slice(0, 100),
        masterKey: alerting.key,
        enforceSSL: true,
      });
      for (const address of emails) topic.addSubscription(new EmailSubscription(address));
      topic.grantPublish(this.send.function);
      const at = { hour: String(hour), minute: '0', timeZone: TimeZone.of(options.zone) };
      this.send.callAt(
        ScheduleExpression.cron(period === 'day' ? at : { ...at, weekDay: 'MON' }),
        Duration.hours(6),
        deadLetters,
        'again',
        { id: `Schedule${index}`, input: { period, owner, environment, topic: topic.topicArn } },
      );
      return topic;
    });
    Grant.addToPrincipal({
      grantee: this.send.function,
      actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      resourceArns: [alerting.key.keyArn],
    });
  }
}
