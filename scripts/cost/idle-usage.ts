import { TABLES } from '../../core/schema/columns.ts';
import { judging } from './judging.ts';
import { assumed } from './measured.ts';
import { prices } from './prices.ts';
import { MINUTES_PER_MONTH, type StackFacts } from './stack-facts.ts';
import { GB, noUsage, sum, type Usage } from './usage.ts';

/** DELETE, OPTIMIZE, VACUUM of each table once a day. */
const MAINTENANCE_STATEMENTS = 3 * TABLES.length;
const DAYS_PER_MONTH = MINUTES_PER_MONTH / 1440;
/** Lambda asks the queue three times a minute with five pollers, messages or not. */
const POLLS_PER_MONTH = 5 * 3 * MINUTES_PER_MONTH;
/** Rotations that raise the price of a key; later ones are free. */
const PRICED_ROTATIONS = 2;

/** What a ledger uses in a month of its first, second, … year in which nothing is sent. */
export function idleUsage(facts: StackFacts, year = 1): Usage {
  const { calls, functions, alarmMetrics, metrics, dashboards } = facts;
  const requests = sum(Object.values(calls));
  const gbSeconds = Object.entries(calls).map(([name, count]) => {
    const memoryGb = functions[name]?.memoryGb ?? 0;
    if (name.endsWith('MaintainTables')) return count * MAINTENANCE_STATEMENTS * assumed.statementSeconds * memoryGb;
    const billedMs = name.endsWith('CheckDeadlines') ? assumed.warmMs : assumed.coldMs;
    return (count * billedMs * memoryGb) / 1000;
  });
  const stages = requests - (calls.LiveLaneCheckDeadlines ?? 0);
  return {
    ...noUsage,
    lambdaGbSeconds: sum(gbSeconds),
    lambdaRequests: requests,
    // Each tick acquires and releases a lease, and reads the progress of its stage.
    dynamodbWriteUnits: 2 * stages,
    dynamodbReadUnits: requests + 2 * stages + MINUTES_PER_MONTH * judging.ofMinute.readUnits,
    athenaTb: (DAYS_PER_MONTH * MAINTENANCE_STATEMENTS * prices.athenaLeastBytes) / 1e12,
    // Two days of slots, each hour.
    s3Puts: 3 * DAYS_PER_MONTH + 2 * 24 * DAYS_PER_MONTH,
    s3Gets: MINUTES_PER_MONTH * judging.ofMinute.objectsRead,
    sqsRequests: POLLS_PER_MONTH,
    schedulerCalls: requests,
    alarmMetrics,
    metrics,
    dashboards,
    keys: facts.keys + facts.rotatedKeys * Math.min(PRICED_ROTATIONS, year - 1),
    logGb: (requests * assumed.logLineBytes) / GB,
    traces: sum(Object.entries(calls).map(([name, count]) => (functions[name]?.isTraced ? count : 0))),
  };
}
