import { synthesize } from '../synthesize.ts';

/** The facts of the synthesised stack that decide its cost. */
export interface StackFacts {
  /** Calls a month by the clock, by function. */
  readonly calls: Readonly<Record<string, number>>;
  /** Gigabytes of memory, by function. */
  readonly memoryGb: Readonly<Record<string, number>>;
  readonly transformBufferBytes: number;
  readonly landingBufferBytes: number;
  readonly alarms: number;
  /** Metrics of the ledger's own; each is there in months in which it was above nought. */
  readonly metrics: number;
  readonly dashboards: number;
  readonly keys: number;
}

export const MINUTES_PER_MONTH = 730 * 60;
const MIB = 1024 * 1024;

/** Synthesises the stack with its default options, without bundling, and reads its template. */
export function readStackFacts(): StackFacts {
  const resources = Object.entries(synthesize());
  const named = (type: string, ending: RegExp) =>
    resources.flatMap(([id, { Type, Properties }]) => {
      const name = ending.exec(id)?.[1];
      return Type === type && name !== undefined ? [[name, Properties] as const] : [];
    });
  const count = (type: string) => resources.filter(([, { Type }]) => Type === type).length;
  const [stream] = resources.flatMap(([, { Type, Properties }]) =>
    Type === 'AWS::KinesisFirehose::DeliveryStream' ? [Properties.ExtendedS3DestinationConfiguration] : [],
  );
  const transform = stream.ProcessingConfiguration.Processors[0].Parameters as readonly {
    readonly ParameterName: string;
    readonly ParameterValue: string;
  }[];
  const transformMb = Number(
    transform.find(({ ParameterName }) => ParameterName === 'BufferSizeInMBs')?.ParameterValue,
  );
  const ownMetrics = resources.flatMap(([, { Type, Properties }]) =>
    Type === 'AWS::CloudWatch::Alarm' && Properties.Namespace === 'Runledger' ? [Properties.MetricName as string] : [],
  );
  return {
    calls: Object.fromEntries(
      named('AWS::Scheduler::Schedule', /^(\w+)Schedule[0-9A-F]{8}$/).map(([name, { ScheduleExpression }]) => [
        name,
        callsPerMonth(ScheduleExpression),
      ]),
    ),
    memoryGb: Object.fromEntries(
      named('AWS::Lambda::Function', /^(\w+)Function[0-9A-F]{8}$/).map(([name, { MemorySize }]) => [
        name,
        MemorySize / 1024,
      ]),
    ),
    transformBufferBytes: transformMb * MIB,
    landingBufferBytes: stream.BufferingHints.SizeInMBs * MIB,
    alarms: count('AWS::CloudWatch::Alarm'),
    metrics: new Set(ownMetrics).size,
    dashboards: count('AWS::CloudWatch::Dashboard'),
    keys: count('AWS::KMS::Key'),
  };
}

function callsPerMonth(expression: string): number {
  const minutes = /^rate\((\d+) minutes?\)$/.exec(expression)?.[1];
  if (minutes !== undefined) return MINUTES_PER_MONTH / Number(minutes);
  if (/^cron\(\d+ \d+ \* \* \? \*\)$/.test(expression)) return MINUTES_PER_MONTH / 1440;
  throw new Error(`expected a rate in minutes or a daily cron, but got ${expression}; teach the cost page to count it`);
}
