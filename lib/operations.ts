import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { LATE_AFTER_SECONDS } from '../core/objects/waiting.ts';
import type { Alerting } from './alerting.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { HistoryLane } from './history-lane.ts';
import type { Ingest } from './ingest.ts';
import type { Lake } from './lake.ts';
import type { LiveLane } from './live-lane.ts';
import type { Options } from './options.ts';

export interface OperationsProps {
  readonly options: Options;
  readonly lake: Lake;
  readonly ingest: Ingest;
  readonly liveLane: LiveLane;
  readonly historyLane: HistoryLane;
  readonly alerting: Alerting;
  readonly deadLetters: DeadLetters;
}

interface Watched {
  readonly metric: IMetric;
  /** The alarm goes off above this value. */
  readonly above?: number;
  /** The alarm goes off below this value, and when there is no measurement at all. */
  readonly below?: number;
  /** For how many periods in a row. @default 1 */
  readonly periods?: number;
  /** What it means and what to do. docs/operations.md explains more under the alarm's name. */
  readonly meaning: string;
}

/** Watches the ledger itself: one dashboard, and one alarm for each way it can fall behind or lose something. */
export class Operations extends Construct {
  readonly dashboard: Dashboard;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const watched = watchedMetrics(props);
    const action = { mail: new SnsAction(props.alerting.mail), chat: new SnsAction(props.alerting.chat) };
    this.alarms = Object.entries(watched).map(([name, { metric, above, below, periods, meaning }]) => {
      const alarm = new Alarm(this, name, {
        metric,
        threshold: above ?? below ?? 0,
        comparisonOperator:
          below === undefined ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: periods ?? 1,
        alarmDescription: `${name}: ${meaning}`,
        treatMissingData: below === undefined ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
      });
      alarm.addAlarmAction(action.mail, action.chat);
      return alarm;
    });
    const graph = (name: string, { metric, above, below }: Watched) =>
      new GraphWidget({
        title: name,
        left: [metric],
        leftAnnotations: [{ value: above ?? below ?? 0, label: 'alarm' }],
        width: 8,
      });
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.days(1) });
    this.dashboard.addWidgets(
      new GraphWidget({ title: 'Incoming bytes', left: [props.ingest.metricIncoming()], width: 8 }),
      ...Object.entries(watched).map(([name, each]) => graph(name, each)),
    );
  }
}

function watchedMetrics(props: OperationsProps): Readonly<Record<string, Watched>> {
  const { options, lake, ingest, liveLane, historyLane, alerting, deadLetters } = props;
  return {
    Freshness: {
      metric: ingest.metricFreshness(),
      above: options.flushSeconds + 900,
      periods: 2,
      meaning: 'events reach the bucket late; after 24 h Firehose drops them',
    },
    Throttled: {
      metric: ingest.metricThrottled(),
      above: 0,
      periods: 3,
      meaning: 'the stream is at its limit; clients keep sending again, Firehose grows slowly',
    },
    FailedRecords: {
      metric: ingest.metricFailed(),
      above: 0,
      meaning: 'the transform could not answer for records; they were accepted again from the error prefix',
    },
    Rejected: {
      metric: ingest.metricRejected(),
      above: 0,
      meaning: 'lines could not be accepted; the view rejections shows which and why',
    },
    TrackingLag: {
      metric: liveLane.metricLag(),
      above: LATE_AFTER_SECONDS.recorded,
      meaning: 'landed objects wait to be tracked; live runs and alerts are late',
    },
    ClockStopped: {
      metric: liveLane.check.function.metricInvocations({ statistic: 'Sum', period: QUARTER }),
      below: 5,
      meaning: 'deadlines are not checked; runs over their SLA are not noticed',
    },
    ClockFailing: {
      metric: liveLane.check.function.metricErrors({ statistic: 'Sum', period: QUARTER }),
      above: 5,
      meaning: 'checks of the deadlines fail; runs over their SLA may not be noticed',
    },
    CompactionLag: {
      metric: historyLane.metricCompactionLag(),
      above: LATE_AFTER_SECONDS.tracked,
      meaning: 'objects have waited for more than an hour to be compacted into pipeline_logs',
    },
    SummaryLag: {
      metric: historyLane.metricSummaryLag(),
      above: LATE_AFTER_SECONDS.compacted,
      meaning: 'compacted objects have waited for more than two hours to reach the run tables',
    },
    Parked: {
      metric: historyLane.metricParked(),
      above: 0,
      meaning: 'an object could not be compacted; doctor names it and the reason',
    },
    Found: {
      metric: historyLane.metricFound(),
      above: 0,
      meaning: 'the bucket held objects without a notification; they were taken in',
    },
    Scanned: {
      metric: lake.metricScannedBytes(),
      above: lake.scanLimitBytes,
      meaning: 'the queries of one hour scanned more than one query may',
    },
    UndeliveredMail: {
      metric: alerting.metricUndelivered(alerting.mail),
      above: 0,
      meaning: 'SNS could not deliver mails; check the subscriptions',
    },
    UndeliveredChat: {
      metric: alerting.metricUndelivered(alerting.chat),
      above: 0,
      meaning: 'SNS could not deliver chat messages; check the channel and the subscriptions',
    },
    Untracked: {
      metric: liveLane.untracked.metricWaiting(),
      above: 0,
      meaning: 'objects could not be tracked and wait in a queue; fix the reason and redrive them',
    },
    Undone: {
      metric: deadLetters.metricWaiting(),
      above: 0,
      meaning: 'calls were given up and wait in a queue; check what was not done',
    },
  };
}

const QUARTER = Duration.minutes(15);
