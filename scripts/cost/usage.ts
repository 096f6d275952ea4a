/** How much of everything that is billed is used in a month. */
export type Usage = Readonly<Record<UsageName, number>>;

export type UsageName =
  | 'httpRequests'
  | 'firehoseGb'
  | 'lambdaGbSeconds'
  | 'lambdaRequests'
  | 'dynamodbWriteUnits'
  | 'dynamodbReadUnits'
  | 'dynamodbGb'
  | 'athenaTb'
  | 's3Gb'
  | 's3Puts'
  | 's3Gets'
  | 's3Moves'
  | 'sqsRequests'
  | 'busEvents'
  | 'schedulerCalls'
  | 'snsPublishes'
  | 'snsMails'
  | 'alarmMetrics'
  | 'metrics'
  | 'dashboards'
  | 'logGb'
  | 'traces'
  | 'keys'
  | 'kmsRequests';

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

export const GB = 1e9;

export const noUsage: Usage = {
  httpRequests: 0,
  firehoseGb: 0,
  lambdaGbSeconds: 0,
  lambdaRequests: 0,
  dynamodbWriteUnits: 0,
  dynamodbReadUnits: 0,
  dynamodbGb: 0,
  athenaTb: 0,
  s3Gb: 0,
  s3Puts: 0,
  s3Gets: 0,
  s3Moves: 0,
  sqsRequests: 0,
  busEvents: 0,
  schedulerCalls: 0,
  snsPublishes: 0,
  snsMails: 0,
  alarmMetrics: 0,
  metrics: 0,
  dashboards: 0,
  logGb: 0,
  traces: 0,
  keys: 0,
  kmsRequests: 0,
};
