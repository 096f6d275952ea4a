import { historyRequests } from '../../cost/history-usage.ts';
import { assumed } from '../../cost/measured.ts';
import { MINUTES_PER_MONTH, type StackFacts } from '../../cost/stack-facts.ts';
import { bounds } from '../bounds.ts';
import { largestScan, optimizedBytes, stagesOf, tickMinutes } from '../history-lane.ts';
import type { Limit, Load } from '../limit.ts';
import { compactEverySeconds, tickSeconds } from '../tables-lag.ts';

const DAYS_PER_MONTH = MINUTES_PER_MONTH / 1440;
const FASTER =
  'A smaller `compactEveryMinutes` lets the stage begin again sooner; a capacity reservation of Athena gives its statements more processors.';

const dayEvents = ({ eventsPerMonth }: Load): number => eventsPerMonth / DAYS_PER_MONTH;
const stages = ({ peak, ingest, shape }: Load) => stagesOf(peak, ingest.objects, shape);
const ofTick = (load: Load): number => load.peak.events * compactEverySeconds(load.facts);
const statementSeconds = (load: Load): number => {
  const { summarize } = stages(load);
  return summarize.secondsOf(Math.min(summarize.eventsPerTake, ofTick(load)), dayEvents(load)) / 2;
};

export const historyLimits = (facts: StackFacts): readonly Limit[] => [
  {
    what: 'minutes that a compaction tick takes',
    unit: 'min',
    source: 'ledger',
    quota: tickSeconds(facts) / 60,
    use: (load) => tickMinutes(stages(load).compact, ofTick(load), dayEvents(load)),
    response: 'stageLate',
    lift: `${FASTER} More bytes at a time: \`aws/statement-limits.ts\`.`,
  },
  {
    what: 'minutes that a tick of summaries takes',
    unit: 'min',
    source: 'ledger',
    quota: tickSeconds(facts) / 60,
    use: (load) => tickMinutes(stages(load).summarize, ofTick(load), dayEvents(load)),
    response: 'stageLate',
    lift: FASTER,
  },
  {
    what: 'minutes in which a tick after midnight tracks objects again',
    unit: 'min',
    source: 'ledger',
    quota: tickSeconds(facts) / 60,
    // While runs come to have events of a new day, the dates of every object that waits have to be looked at again, one by one.
    use: ({ lastHour: { live } }) => (live.trackersAtOnce * compactEverySeconds(facts)) / 60,
    response: 'stageLate',
    lift: 'It is over once the runs that crossed midnight have ended. A second ledger has objects of its own.',
  },
  {
    what: 'bytes that one statement scans, at the end of a day (`scanLimitGb`)',
    unit: 'GB',
    source: 'ledger',
    quota: facts.scanLimitBytes / 1e9,
    use: (load) => largestScan(dayEvents(load), load.shape) / 1e9,
    response: 'statementCancelled',
    lift: 'The option `scanLimitGb`.',
  },
  {
    what: 'bytes that the nightly OPTIMIZE rewrites of a day (`scanLimitGb`)',
    unit: 'GB',
    source: 'ledger',
    quota: facts.scanLimitBytes / 1e9,
    use: (load) => optimizedBytes(dayEvents(load)) / 1e9,
    response: 'statementCancelled',
    lift: 'The option `scanLimitGb`.',
  },
  {
    what: 'seconds of the longest statement',
    unit: 's',
    source: 'ledger',
    quota: bounds.statementSeconds,
    use: statementSeconds,
    response: 'statementCancelled',
    lift: 'A capacity reservation of Athena. Athena itself stops a statement after 30 minutes, which a request raises to 240.',
  },
  {
    what: 'reads of files below one table',
    unit: 'requests/s',
    source: 's3',
    quota: 5_500,
    use: ({ eventsPerMonth, shape, facts: { calls } }) => {
      const ticks = calls.HistoryLaneCompactEvents ?? 1;
      const load = {
        ...shape,
        events: eventsPerMonth,
        flushSeconds: 60,
        compactEveryMinutes: MINUTES_PER_MONTH / ticks,
      };
      // Those of one tick, at the end of a day instead of on average, in the seconds of one statement.
      return (2 * historyRequests(load, ticks).gets) / ticks / assumed.statementSeconds;
    },
    response: 'slowDown',
    lift: 'A larger `compactEveryMinutes` makes fewer files.',
  },
];
