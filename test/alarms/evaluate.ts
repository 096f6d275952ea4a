/** A measurement of one metric at one moment. */
export interface Measurement {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly atMs: number;
  readonly value: number;
}

type Statistic = 'Sum' | 'Maximum';

/** A metric as an alarm names it. */
export interface AlarmMetric extends Pick<Measurement, 'namespace' | 'name' | 'dimensions'> {
  readonly statistic: Statistic;
}

/** An alarm as the service evaluates it. */
export interface AlarmRule {
  /** Of several, the sum, where none counts as zero. */
  readonly metrics: readonly AlarmMetric[];
  readonly isSum: boolean;
  readonly periodMs: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparison: 'GreaterThanThreshold' | 'LessThanThreshold';
  readonly threshold: number;
  readonly missing: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** A point that breaches, one that does not, or none. */
export type Point = 'X' | '0' | '-';

/**
 * The state that these points, the latest last, lead to. Rules and tables: Amazon CloudWatch User Guide, "How alarm state
 * is evaluated when data is missing".
 */
export function stateOf(
  {
    evaluationPeriods,
    datapointsToAlarm,
    missing,
  }: Pick<AlarmRule, 'evaluationPeriods' | 'datapointsToAlarm' | 'missing'>,
  points: readonly Point[],
  before: AlarmState,
): AlarmState {
  const real = points.filter((point) => point !== '-');
  // "Based on the most recent existing data points": as many as there are periods.
  const breaching = real.slice(-evaluationPeriods).filter((point) => point === 'X').length;
  const filled = Math.max(0, evaluationPeriods - real.length);
  if (missing === 'breaching') return breaching + filled >= datapointsToAlarm ? 'ALARM' : 'OK';
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (filled === 0 || missing === 'notBreaching' || real.includes('0')) return 'OK';
  if (missing === 'ignore') return before;
  // "The oldest evaluated data point is breaching and there aren't any non-breaching data points."
  return points[0] === 'X' ? 'ALARM' : 'INSUFFICIENT_DATA';
}

/** "CloudWatch attempts to retrieve a higher number of data points than specified": five where it evaluates three. */
const MORE_POINTS = 2;

/** How far back an alarm looks. */
export const rangeMs = ({ periodMs, evaluationPeriods }: AlarmRule): number =>
  (evaluationPeriods + MORE_POINTS) * periodMs;

/** Whether an alarm looks at this measurement. */
export const isWatchedBy = ({ metrics }: AlarmRule, measurement: Measurement): boolean =>
  metrics.some((metric) => isOf(metric, measurement));

/** The state of an alarm at a moment, in windows that end there. */
export function evaluate(
  rule: AlarmRule,
  measured: readonly Measurement[],
  nowMs: number,
  before: AlarmState,
): AlarmState {
  const points = Array.from({ length: rule.evaluationPeriods + MORE_POINTS }, (_, back) => {
    const value = valueOver(rule, measured, nowMs - (back + 1) * rule.periodMs, nowMs - back * rule.periodMs);
    if (value === undefined) return '-';
    const breaches = rule.comparison === 'GreaterThanThreshold' ? value > rule.threshold : value < rule.threshold;
    return breaches ? 'X' : '0';
  });
  return stateOf(rule, points.reverse(), before);
}

function valueOver(
  { metrics, isSum }: AlarmRule,
  measured: readonly Measurement[],
  afterMs: number,
  untilMs: number,
): number | undefined {
  const values = metrics.map((metric) => {
    const found = measured.filter((each) => each.atMs > afterMs && each.atMs <= untilMs && isOf(metric, each));
    if (found.length === 0) return undefined;
    const numbers = found.map(({ value }) => value);
    return metric.statistic === 'Sum' ? numbers.reduce((all, each) => all + each, 0) : Math.max(...numbers);
  });
  return isSum ? values.reduce<number>((all, each) => all + (each ?? 0), 0) : values[0];
}

const isOf = (metric: AlarmMetric, { namespace, name, dimensions }: Measurement): boolean =>
  metric.namespace === namespace && metric.name === name && textOf(metric.dimensions) === textOf(dimensions);

const textOf = (dimensions: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(dimensions).sort());
