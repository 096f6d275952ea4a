import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Dashboard, GraphWidget, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { type Watched, type WatchedProps, watchedMetrics } from './watched-metrics.ts';

export type OperationsProps = WatchedProps;

/** Watches the ledger itself: one dashboard, and one alarm for each way it can fall behind or lose something. */
export class Operations extends Construct {
  readonly dashboard: Dashboard;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const watched = watchedMetrics(props);
    const actions = [new SnsAction(props.alerting.mail), new SnsAction(props.alerting.chat)];
    this.alarms = Object.entries(watched).map(
      ([name, { metric, above, periods = 1, unmeasured = 'good', meaning }]) => {
        const alarm = new Alarm(this, name, {
          metric,
          // What rings for want of a measurement does not ring for one.
          threshold: above ?? 0,
          comparisonOperator:
            above === undefined ? ComparisonOperator.LESS_THAN_THRESHOLD : ComparisonOperator.GREATER_THAN_THRESHOLD,
          evaluationPeriods: periods,
          alarmDescription: `${name}: ${meaning}`,
          treatMissingData: UNMEASURED[unmeasured],
        });
        alarm.addAlarmAction(...actions);
        alarm.addOkAction(...actions);
        if (unmeasured === 'rings') alarm.addInsufficientDataAction(...actions);
        return alarm;
      },
    );
    const graph = (name: string, { metric, above }: Watched) =>
      new GraphWidget({
        title: name,
        left: [metric],
        leftAnnotations: [{ value: above ?? 0, label: 'alarm' }],
        width: 8,
      });
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.days(1) });
    this.dashboard.addWidgets(
      new GraphWidget({ title: 'Incoming bytes', left: [props.ingest.metricIncoming()], width: 8 }),
      ...Object.entries(watched).map(([name, each]) => graph(name, each)),
    );
  }
}

const UNMEASURED = {
  good: TreatMissingData.NOT_BREACHING,
  unchanged: TreatMissingData.IGNORE,
  // Not as breaching: then it would ring at a first deployment, when nothing was measured yet.
  rings: TreatMissingData.MISSING,
} as const satisfies Readonly<Record<NonNullable<Watched['unmeasured']>, TreatMissingData>>;
