import { free, prices } from './prices.ts';
import type { Usage, UsageName } from './usage.ts';

export interface BillLine {
  readonly service: string;
  readonly what: string;
  readonly quantity: number;
  /** US dollars a month within the free allowances, and without them. */
  readonly dollars: number;
  readonly dollarsWithoutFree: number;
}

/** Service, what is counted, its price, and how much of it is free each month. */
const rates: Readonly<Record<UsageName, readonly [string, string, number, number]>> = {
  httpRequests: ['API Gateway', 'requests', prices.httpApiPerRequest, 0],
  firehoseGb: ['Firehose', 'GB, records rounded up', prices.firehosePerGb, 0],
  dynamodbWriteUnits: ['DynamoDB', 'write units', prices.dynamodbPerWriteUnit, 0],
  dynamodbReadUnits: ['DynamoDB', 'read units', prices.dynamodbPerReadUnit, 0],
  dynamodbGb: ['DynamoDB', 'GB, recovery included', prices.dynamodbPerGbMonth + prices.dynamodbRecoveryPerGbMonth, 0],
  athenaTb: ['Athena', 'TB scanned', prices.athenaPerTb, 0],
  s3Gb: ['S3', 'GB', prices.s3PerGbMonth, 0],
  s3Puts: ['S3', 'writes and lists', prices.s3PerPut, 0],
  s3Gets: ['S3', 'reads', prices.s3PerGet, 0],
  s3Moves: ['S3', 'moves to the archive', prices.s3PerMove, 0],
  lambdaGbSeconds: ['Lambda', 'GB-seconds', prices.lambdaPerGbSecond, free.lambdaGbSeconds],
  lambdaRequests: ['Lambda', 'calls', prices.lambdaPerRequest, free.lambdaRequests],
  schedulerCalls: ['EventBridge', 'calls by the clock', prices.schedulerPerCall, free.schedulerCalls],
  busEvents: ['EventBridge', 'events on the bus', prices.eventBridgePerEvent, 0],
  sqsRequests: ['SQS', 'requests', prices.sqsPerRequest, free.sqsRequests],
  snsPublishes: ['SNS', 'messages', prices.snsPerPublish, free.snsPublishes],
  snsMails: ['SNS', 'mails', prices.snsPerMail, free.snsMails],
  alarmMetrics: ['CloudWatch', 'metrics that alarms watch', prices.cloudWatchPerAlarm, free.cloudWatchAlarms],
  metrics: ['CloudWatch', 'metrics of its own', prices.cloudWatchPerMetric, free.cloudWatchMetrics],
  dashboards: ['CloudWatch', 'dashboards', prices.cloudWatchPerDashboard, free.cloudWatchDashboards],
  logGb: ['CloudWatch', 'GB of logs', prices.cloudWatchPerLogGb, free.cloudWatchLogGb],
  traces: ['X-Ray', 'traces', prices.xrayPerTrace, free.xrayTraces],
  keys: ['KMS', 'keys, each rotation one more', prices.kmsPerKey, 0],
  kmsRequests: ['KMS', 'requests', prices.kmsPerRequest, free.kmsRequests],
};

/** What is used, priced, in the order of the rates; what is not used is left out. */
export const billOf = (usage: Usage): readonly BillLine[] =>
  Object.entries(rates).flatMap(([name, [service, what, price, allowed]]) => {
    const quantity = usage[name as UsageName];
    if (quantity === 0) return [];
    const dollars = Math.max(0, quantity - allowed) * price;
    return [{ service, what, quantity, dollars, dollarsWithoutFree: quantity * price }];
  });

export const totalOf = (lines: readonly BillLine[]): Pick<BillLine, 'dollars' | 'dollarsWithoutFree'> => ({
  dollars: lines.reduce((total, each) => total + each.dollars, 0),
  dollarsWithoutFree: lines.reduce((total, each) => total + each.dollarsWithoutFree, 0),
});
