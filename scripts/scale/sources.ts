/** The page that says a default. */
export interface Source {
  readonly title: string;
  readonly url: string;
}

const aws = 'https://docs.aws.amazon.com';

export const sources = {
  firehose: { title: 'Firehose quota', url: `${aws}/firehose/latest/dev/limits.html` },
  lambda: { title: 'Lambda quotas', url: `${aws}/lambda/latest/dg/gettingstarted-limits.html` },
  s3: {
    title: 'S3 performance',
    url: `${aws}/AmazonS3/latest/userguide/optimizing-performance.html`,
  },
  sqs: {
    title: 'SQS message quotas',
    url: `${aws}/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html`,
  },
  dynamodb: { title: 'DynamoDB quotas', url: `${aws}/amazondynamodb/latest/developerguide/ServiceQuotas.html` },
  dynamodbOnDemand: {
    title: 'DynamoDB on-demand capacity',
    url: `${aws}/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html`,
  },
  dynamodbPartition: {
    title: 'Hot partitions of DynamoDB',
    url: `${aws}/amazondynamodb/latest/developerguide/throttling-key-range-limit-exceeded-mitigation.html`,
  },
  dynamodbIndex: {
    title: 'Back-pressure of indexes',
    url: `${aws}/amazondynamodb/latest/developerguide/gsi-throttling.html`,
  },
  athena: { title: 'Athena endpoints and quotas', url: `${aws}/general/latest/gr/athena.html` },
  athenaLimits: { title: 'Athena service quotas', url: `${aws}/athena/latest/ug/service-limits.html` },
  athenaInsert: { title: 'Athena, 100 partitions', url: `${aws}/athena/latest/ug/ctas-insert-into.html` },
  athenaCapacity: {
    title: 'Athena capacity requirements',
    url: `${aws}/athena/latest/ug/capacity-management-requirements.html`,
  },
  eventBridge: { title: 'EventBridge quotas', url: `${aws}/eventbridge/latest/userguide/eb-quota.html` },
  sns: { title: 'SNS endpoints and quotas', url: `${aws}/general/latest/gr/sns.html` },
  chat: {
    title: 'Amazon Q in chat, custom notifications',
    url: `${aws}/chatbot/latest/adminguide/custom-notifs.html`,
  },
  ledger: { title: 'the ledger itself', url: 'operations.md#options' },
} as const satisfies Readonly<Record<string, Source>>;

export type SourceName = keyof typeof sources;
