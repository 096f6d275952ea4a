import type { Template } from 'aws-cdk-lib/assertions';
import { SUM_OF_ALL } from '../../lib/metric-math.ts';
import { type Place, resolve } from '../lib/resolve.ts';
import type { AlarmMetric, AlarmRule } from './evaluate.ts';

/** An alarm of the template, and what it does. */
export interface TemplateAlarm {
  readonly name: string;
  readonly rule: AlarmRule;
  /** The states that it tells people of. */
  readonly tells: { readonly ALARM: boolean; readonly OK: boolean; readonly INSUFFICIENT_DATA: boolean };
}

interface MetricStat {
  readonly Metric: Pick<AlarmProperties, 'Namespace' | 'MetricName' | 'Dimensions'>;
  readonly Stat: string;
  readonly Period: number;
}

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  readonly Statistic: string;
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly ComparisonOperator: AlarmRule['comparison'];
  readonly Threshold: number;
  readonly TreatMissingData: AlarmRule['missing'];
  readonly Metrics?: readonly { readonly Expression?: string; readonly MetricStat?: MetricStat }[];
  readonly AlarmActions?: readonly unknown[];
  readonly OKActions?: readonly unknown[];
  readonly InsufficientDataActions?: readonly unknown[];
}

/** The alarms of a template where it is deployed. Throws on an expression that the evaluator does not know. */
export function alarmsOf(template: Template, place: Place): readonly TemplateAlarm[] {
  return Object.values(resolve(template, place))
    .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
    .map(({ Properties }) => alarmOf(Properties as unknown as AlarmProperties));
}

function alarmOf(properties: AlarmProperties): TemplateAlarm {
  const { Metrics = [] } = properties;
  const expression = Metrics.find(({ Expression }) => Expression !== undefined)?.Expression;
  if (expression !== undefined && expression !== SUM_OF_ALL)
    throw new Error(`expected the expression ${SUM_OF_ALL}, got ${expression}; teach it to the evaluator`);
  const stats =
    expression === undefined
      ? [{ Metric: properties, Stat: properties.Statistic, Period: properties.Period }]
      : Metrics.flatMap(({ MetricStat }) => MetricStat ?? []);
  const count = (actions: readonly unknown[] | undefined): boolean => (actions ?? []).length === 2;
  return {
    name: String(properties.AlarmDescription.split(':')[0]),
    rule: {
      metrics: stats.map(metricOf),
      isSum: expression !== undefined,
      periodMs: (stats[0]?.Period ?? Number.NaN) * 1000,
      evaluationPeriods: properties.EvaluationPeriods,
      datapointsToAlarm: properties.DatapointsToAlarm ?? properties.EvaluationPeriods,
      comparison: properties.ComparisonOperator,
      threshold: properties.Threshold,
      missing: properties.TreatMissingData,
    },
    tells: {
      ALARM: count(properties.AlarmActions),
      OK: count(properties.OKActions),
      INSUFFICIENT_DATA: count(properties.InsufficientDataActions),
    },
  };
}

function metricOf({ Metric: { Namespace, MetricName, Dimensions = [] }, Stat }: MetricStat): AlarmMetric {
  if (Stat !== 'Sum' && Stat !== 'Maximum') throw new Error(`expected Sum or Maximum, got ${Stat}`);
  return {
    namespace: Namespace,
    name: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
    statistic: Stat,
  };
}
