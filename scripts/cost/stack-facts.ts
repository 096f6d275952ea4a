import { type Resource, synthesizedResources } from '../template.ts';

/** The facts of the synthesised stack that decide its cost and what it can carry. */
export interface StackFacts {
  /** Calls a month by the clock, by function. */
  readonly calls: Readonly<Record<string, number>>;
  /** By the name of the construct around each function, `IngestAcceptEvents` for one. */
  readonly functions: Readonly<Record<string, FunctionFacts>>;
  readonly transformBufferBytes: number;
  readonly transformSeconds: number;
  readonly landingBufferBytes: number;
  readonly landingSeconds: number;
  /** The most invocations at once that read the queue of landed objects, and the most messages each is given. */
  readonly trackersAtOnce: number;
  readonly trackedAtOnce: number;
  /** The most bytes one statement may scan. */
  readonly scanLimitBytes: number;
  readonly archiveAfterDays: number;
  /** Days that overwritten and deleted objects stay. */
  readonly noncurrentDays: number;
  readonly logsKeptDays: number;
  /** Metrics that alarms watch, which is what CloudWatch bills: an alarm over a sum of four is four. */
  readonly alarmMetrics: number;
  /** Metrics of the ledger's own that alarms watch: it writes no others. */
  readonly metrics: number;
  readonly dashboards: number;
  readonly keys: number;
  /** Of the keys, those that are rotated every year. */
  readonly rotatedKeys: number;
}

export interface FunctionFacts {
  readonly memoryGb: number;
  readonly timeoutSeconds: number;
  /** Whether X-Ray traces its calls. */
  readonly isTraced: boolean;
}

export const MINUTES_PER_MONTH = 730 * 60;
const MIB = 1024 * 1024;

export const readStackFacts = (): StackFacts => factsOf(synthesizedResources());

export function factsOf(resources: readonly Resource[]): StackFacts {
  const propertiesOf = (type: string) => resources.filter(({ Type }) => Type === type).map((each) => each.Properties);
  const one = (type: string) => {
    const [only, ...others] = propertiesOf(type);
    if (only === undefined || others.length > 0)
      throw new Error(
        `expected one ${type}, but got ${others.length + (only ? 1 : 0)}; teach the cost page to count them`,
      );
    return only;
  };
  const named = <Value>(type: string, ending: RegExp, read: (properties: Resource['Properties']) => Value) =>
    Object.fromEntries(
      resources.flatMap(({ id, Type, Properties }) => {
        const name = Type === type ? ending.exec(id)?.[1] : undefined;
        return name === undefined ? [] : [[name, read(Properties)] as const];
      }),
    );

  const stream = one('AWS::KinesisFirehose::DeliveryStream').ExtendedS3DestinationConfiguration;
  const transform = parametersOf(stream.ProcessingConfiguration.Processors[0].Parameters);
  const queue = one('AWS::Lambda::EventSourceMapping');
  const rules = one('AWS::S3::Bucket').LifecycleConfiguration.Rules as readonly Resource['Properties'][];
  const watched = propertiesOf('AWS::CloudWatch::Alarm').flatMap(metricsOf);
  const keys = propertiesOf('AWS::KMS::Key');
  const environments = propertiesOf('AWS::Lambda::Function').map((each) => each.Environment?.Variables ?? {});
  return {
    calls: named('AWS::Scheduler::Schedule', /^(\w+)Schedule[0-9A-F]{8}$/, (each) =>
      callsPerMonth(each.ScheduleExpression),
    ),
    functions: named('AWS::Lambda::Function', /^(\w+)Function[0-9A-F]{8}$/, (each) => ({
      memoryGb: each.MemorySize / 1024,
      timeoutSeconds: each.Timeout,
      isTraced: each.TracingConfig?.Mode === 'Active',
    })),
    transformBufferBytes: Number(transform.BufferSizeInMBs) * MIB,
    transformSeconds: Number(transform.BufferIntervalInSeconds),
    landingBufferBytes: stream.BufferingHints.SizeInMBs * MIB,
    landingSeconds: stream.BufferingHints.IntervalInSeconds,
    trackersAtOnce: queue.ScalingConfig.MaximumConcurrency,
    trackedAtOnce: queue.BatchSize,
    scanLimitBytes: one('AWS::Athena::WorkGroup').WorkGroupConfiguration.BytesScannedCutoffPerQuery,
    archiveAfterDays: the(
      rules.map(({ Transitions, Prefix }) => Prefix === 'raw/' && Transitions?.[0].TransitionInDays),
    ),
    noncurrentDays: the(
      rules.map(({ Prefix, NoncurrentVersionExpiration }) => !Prefix && NoncurrentVersionExpiration?.NoncurrentDays),
    ),
    logsKeptDays: the(environments.map((each) => Number(each.LEDGER_LOGS_KEPT_DAYS))),
    alarmMetrics: watched.length,
    metrics: new Set(
      watched.flatMap(({ Namespace, MetricName, Dimensions }) =>
        Namespace === 'Runledger' ? [JSON.stringify([MetricName, Dimensions])] : [],
      ),
    ).size,
    dashboards: propertiesOf('AWS::CloudWatch::Dashboard').length,
    keys: keys.length,
    rotatedKeys: keys.filter(({ EnableKeyRotation }) => EnableKeyRotation === true).length,
  };
}

/** The metrics that an alarm watches: its own, or those its expression is made of. */
const metricsOf = (alarm: Resource['Properties']): readonly Resource['Properties'][] =>
  alarm.Metrics === undefined
    ? [alarm]
    : alarm.Metrics.flatMap(({ MetricStat }: Resource['Properties']) => (MetricStat ? [MetricStat.Metric] : []));

const parametersOf = (parameters: readonly { ParameterName: string; ParameterValue: string }[]) =>
  Object.fromEntries(parameters.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]));

/** The first number; templates name it once, or the same one several times. */
function the(values: readonly unknown[]): number {
  const found = values.find((value) => typeof value === 'number' && Number.isFinite(value));
  if (typeof found !== 'number')
    throw new Error('expected the template to hold a number, but got none; look at factsOf');
  return found;
}

function callsPerMonth(expression: string): number {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(expression)?.[1];
  if (minutes !== undefined) return MINUTES_PER_MONTH / Number(minutes);
  const hours = /^rate\((\d+) hours?\)$/.exec(expression)?.[1];
  if (hours !== undefined) return MINUTES_PER_MONTH / 60 / Number(hours);
  if (/^cron\(\d+ \d+ \* \* \? \*\)$/.test(expression)) return MINUTES_PER_MONTH / 1440;
  throw new Error(`expected a rate or a daily cron, but got ${expression}; teach the cost page to count it`);
}
