import { assumed } from '../../cost/measured.ts';
import type { Limit, Load } from '../limit.ts';

const MORE_FIREHOSE = 'AWS raises bytes, records and calls of a stream together: the Firehose limits form.';

export const ingestLimits: readonly Limit[] = [
  {
    what: 'bytes put into the stream',
    unit: 'MiB/s',
    source: 'firehose',
    quota: { large: 5, small: 1 },
    use: ({ ingest }) => ingest.bytes / 1024 ** 2,
    response: 'resent',
    lift: `${MORE_FIREHOSE} A second ledger (\`environment\`) has a stream of its own.`,
  },
  {
    what: 'records put into the stream',
    unit: 'records/s',
    source: 'firehose',
    quota: { large: 500_000, small: 100_000 },
    use: ({ ingest }) => ingest.records,
    response: 'resent',
    lift: `Pack events: \`flush_interval_ms\` of the client. ${MORE_FIREHOSE}`,
  },
  {
    what: 'calls of PutRecordBatch',
    unit: 'calls/s',
    source: 'firehose',
    quota: { large: 2_000, small: 1_000 },
    use: ({ ingest }) => ingest.calls,
    response: 'resent',
    lift: `Pack events: a longer \`flush_interval_ms\`, or one sender for many runs. ${MORE_FIREHOSE}`,
  },
  {
    what: 'objects written below one hour of `raw/`',
    unit: 'requests/s',
    source: 's3',
    quota: 3_500,
    use: ({ ingest }) => ingest.objects,
    response: 'slowDown',
    lift: 'S3 splits a prefix under load by itself.',
  },
  {
    what: 'functions at once',
    unit: 'invocations',
    source: 'lambda',
    quota: 1_000,
    use: functionsAtOnce,
    response: 'noFunction',
    lift: 'The quota "Concurrent executions".',
  },
  {
    what: 'functions at once in a new account',
    unit: 'invocations',
    source: 'lambda',
    isFromMemory: true,
    quota: 10,
    use: functionsAtOnce,
    response: 'noFunction',
    lift: 'AWS raises it with use; ask for 1,000 before the first pipeline reports.',
  },
];

function functionsAtOnce({ ingest, live, facts, peak, shape }: Load): number {
  const alerts = (peak.runs * shape.failedPerHundred * assumed.coldMs) / 100_000;
  // The clock, and the stages that run side by side.
  const byTheClock = 4;
  return ingest.transformsAtOnce + Math.min(live.trackersAtOnce, facts.trackersAtOnce) + byTheClock + alerts;
}
