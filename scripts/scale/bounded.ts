import { measured } from '../cost/measured.ts';
import type { StackFacts } from '../cost/stack-facts.ts';
import { bounds } from './bounds.ts';
import { ingestDemand } from './ingest.ts';
import { rateOf, usualShape } from './shape.ts';
import type { SourceName } from './sources.ts';

/** A quota that no volume reaches, because the ledger bounds what it uses. */
export interface Bounded {
  readonly what: string;
  readonly use: string;
  readonly quota: string;
  readonly source: SourceName;
  /** What bounds it. */
  readonly by: string;
}

/** compact, summarize, aggregate and maintain; each holds the lease of the table it writes. */
const WRITERS = 4;

export function boundedQuotas(facts: StackFacts): readonly Bounded[] {
  const { transformSeconds } = ingestDemand(rateOf(1, usualShape), usualShape, facts);
  const answerMb = (facts.transformBufferBytes * measured.landedBytes * 4) / (measured.sentBytes * 3) / 1e6;
  return [
    {
      what: 'seconds of one transform',
      use: transformSeconds.toFixed(2),
      quota: `${facts.functions.IngestAcceptEvents?.timeoutSeconds}, Firehose waits 300`,
      source: 'firehose',
      by: `a buffer of ${facts.transformBufferBytes / 1024 ** 2} MiB`,
    },
    {
      what: 'MB that a transform answers',
      use: answerMb.toFixed(1),
      quota: '6',
      source: 'lambda',
      by: 'the same buffer; beyond 5 MB lines are landed beside the answer',
    },
    {
      what: 'messages of SQS in flight',
      use: String(facts.trackersAtOnce * facts.trackedAtOnce),
      quota: 'about 120,000',
      source: 'sqs',
      by: `${facts.trackersAtOnce} invocations of ${facts.trackedAtOnce} messages; what waits in a queue has no quota`,
    },
    {
      what: 'statements of Athena at a time',
      use: String(WRITERS),
      quota: '200 in us-east-1, 150 or 100 in large regions, 20 in the least; queued ones count',
      source: 'athena',
      by: 'a lease for each table. What people ask counts against the same quota: a statement that Athena does not take is sent again until its time is over, then by the next tick',
    },
    {
      what: 'bytes of a statement',
      use: bounds.largestStatementBytes.toLocaleString('en-US'),
      quota: '262,144',
      source: 'athenaLimits',
      by: `${bounds.objectsPerStatement} objects a statement, with names as Firehose makes them`,
    },
    {
      what: 'partitions that a statement writes',
      use: String(bounds.datesPerStatement),
      quota: '100',
      source: 'athenaInsert',
      by: 'events of more days are taken in several statements',
    },
  ];
}
