import type { StackFacts } from '../../cost/stack-facts.ts';
import type { Limit } from '../limit.ts';

const HOT =
  'No quota lifts it: a partition key takes 1,000 units a second. More events to a run, and a longer `heartbeat_interval_ms`, write less; a second ledger has a table of its own.';

export const liveLimits = (facts: StackFacts): readonly Limit[] => [
  {
    what: 'functions that track objects',
    unit: 'invocations',
    source: 'ledger',
    quota: facts.trackersAtOnce,
    use: ({ live }) => live.trackersAtOnce,
    response: 'tracksLate',
    lift: '`trackConcurrency`. More writers meet more often in the live table.',
  },
  {
    what: 'write units of the live table',
    unit: 'units/s',
    source: 'dynamodb',
    quota: 40_000,
    use: ({ live }) => live.writeUnits,
    response: 'tableRefuses',
    lift: 'The quota "Table-level write throughput limit". A larger `flushSeconds` writes each run less often, until objects are full before.',
  },
  {
    what: 'write units of a live table that is new',
    unit: 'units/s',
    source: 'dynamodbOnDemand',
    quota: 4_000,
    use: ({ live }) => live.writeUnits,
    response: 'tableRefuses',
    lift: 'A table on demand takes 4,000 at first, then twice its earlier peak within half an hour. Let the load grow over some hours, or set the warm throughput of the table once.',
  },
  {
    what: 'read units of the live table',
    unit: 'units/s',
    source: 'dynamodb',
    quota: 40_000,
    use: ({ live }) => live.readUnits,
    response: 'tableRefuses',
    lift: 'The quota "Table-level read throughput limit".',
  },
  {
    what: 'writes of the index `open_runs` (one partition key)',
    unit: 'units/s',
    source: 'dynamodbPartition',
    quota: 1_000,
    use: ({ live }) => live.openIndexWrites,
    response: 'tableRefuses',
    lift: HOT,
  },
  {
    what: 'writes of the index `runs_by_start` (one partition key)',
    unit: 'units/s',
    source: 'dynamodbPartition',
    quota: 1_000,
    use: ({ live }) => live.startIndexWrites,
    response: 'tableRefuses',
    lift: HOT,
  },
  {
    what: 'runs that cross midnight, each counted in one item (`date_changes`)',
    unit: 'transactions/s',
    source: 'dynamodbPartition',
    // A transaction takes two units of the item's 1,000.
    quota: 500,
    use: ({ lastHour }) => lastHour.live.dateChanges,
    response: 'tableRefuses',
    lift: `Runs that end before midnight UTC. ${HOT}`,
  },
  {
    what: 'seconds of one check of the clock',
    unit: 's',
    source: 'ledger',
    quota: facts.functions.LiveLaneCheckDeadlines?.timeoutSeconds ?? 60,
    use: ({ live }) => live.clockSeconds,
    response: 'clockCutOff',
    lift: 'A longer `heartbeat_interval_ms`: three of them pass before the clock looks at a run again.',
  },
];
