import { DOLLARS_PER_TERABYTE, LEAST_BILLED_BYTES } from '../../adapters/athena/price.ts';

/** List prices of us-east-1 in US dollars, from the public price pages, November 2026. Confirm them for your region. */
export const prices = {
  /** Amazon Data Firehose, Direct PUT, first 500 TB; each record is rounded up to a multiple of 5 KB. */
  firehosePerGb: 0.029,
  firehoseRoundingBytes: 5 * 1024,
  /** AWS Lambda on ARM. */
  lambdaPerGbSecond: 0.0000133334,
  lambdaPerRequest: 0.2e-6,
  /** DynamoDB on demand: a unit writes 1 KB, or reads 4 KB. */
  dynamodbPerWriteUnit: 0.625e-6,
  dynamodbPerReadUnit: 0.125e-6,
  dynamodbPerGbMonth: 0.25,
  /** Point-in-time recovery. */
  dynamodbRecoveryPerGbMonth: 0.2,
  /** Athena SQL, at least 10 MB a query; DDL costs nothing. */
  athenaPerTb: DOLLARS_PER_TERABYTE,
  athenaLeastBytes: LEAST_BILLED_BYTES,
  s3PerGbMonth: 0.023,
  /** Glacier Instant Retrieval. */
  s3ArchivePerGbMonth: 0.004,
  s3PerPut: 5e-6,
  s3PerGet: 0.4e-6,
  /** To move an object into the archive. An object smaller than this is never moved (S3's default since September 2024). */
  s3PerMove: 20e-6,
  s3LeastMovedBytes: 128 * 1024,
  /** SQS standard queues. */
  sqsPerRequest: 0.4e-6,
  /** EventBridge: events of our own. */
  eventBridgePerEvent: 1e-6,
  schedulerPerCall: 1e-6,
  /** API Gateway, HTTP APIs, first 300 million; metered in 512 KB. */
  httpApiPerRequest: 1e-6,
  snsPerPublish: 0.5e-6,
  snsPerMail: 20e-6,
  /** For each metric that an alarm watches. */
  cloudWatchPerAlarm: 0.1,
  cloudWatchPerMetric: 0.3,
  cloudWatchPerDashboard: 3,
  cloudWatchPerLogGb: 0.5,
  xrayPerTrace: 5e-6,
  /** A rotated key costs one more after each of its first two rotations (AWS, April 2024). */
  kmsPerKey: 1,
  kmsPerRequest: 3e-6,
} as const;

/** What an account has free each month for ever; what is free in its first year only is left out. */
export const free = {
  lambdaGbSeconds: 400_000,
  lambdaRequests: 1_000_000,
  dynamodbGb: 25,
  sqsRequests: 1_000_000,
  schedulerCalls: 14_000_000,
  snsPublishes: 1_000_000,
  snsMails: 1_000,
  cloudWatchAlarms: 10,
  cloudWatchMetrics: 10,
  cloudWatchDashboards: 3,
  cloudWatchLogGb: 5,
  xrayTraces: 100_000,
  kmsRequests: 20_000,
} as const;
