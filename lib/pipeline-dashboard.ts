import { Duration, Stack } from 'aws-cdk-lib';
import { Color, Dashboard, GraphWidget, type IWidget, Metric, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from './function.ts';

export interface PipelineDashboardProps {
  readonly pipelines: readonly string[];
  readonly environment: string;
}

const HEIGHT = 5;

/** Pipelines beside the ledger's own dashboard: of each, how its runs ended, and how long they took. */
export class PipelineDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { pipelines, environment }: PipelineDashboardProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.days(7) });
    this.dashboard.addWidgets(
      new TextWidget({
        markdown: `Runs of the environment **${environment}**, as they ended. A run that fell silent ends nothing, and is in no number here: \`runledger incidents\` has it.`,
        width: 24,
        height: 1,
      }),
    );
    for (const pipeline of pipelines) this.dashboard.addWidgets(...this.rowOf(pipeline));
  }

  private rowOf(pipeline: string): readonly IWidget[] {
    const metric = (metricName: string, statistic: string, label: string, color?: string): Metric =>
      new Metric({
        namespace: METRICS_NAMESPACE,
        metricName,
        dimensionsMap: { service: Stack.of(this).stackName, pipeline },
        ...{ statistic, label, period: Duration.hours(1), ...(color !== undefined && { color }) },
      });
    return [
      new GraphWidget({
        title: `${pipeline}: runs`,
        left: [
          metric('runs_succeeded', 'Sum', 'succeeded', Color.BLUE),
          metric('runs_failed', 'Sum', 'failed', Color.ORANGE),
        ],
        leftYAxis: { min: 0 },
        ...{ stacked: true, width: 12, height: HEIGHT },
      }),
      new GraphWidget({
        title: `${pipeline}: how long they took`,
        left: [
          metric('run_duration_seconds', 'p50', 'median'),
          metric('run_duration_seconds', 'p95', '95th percentile'),
        ],
        leftYAxis: { min: 0, label: 'seconds', showUnits: false },
        ...{ width: 12, height: HEIGHT },
      }),
    ];
  }
}
