import { MINUTES_PER_MONTH, type StackFacts } from '../cost/stack-facts.ts';
import { markdownTable, number, percent } from '../format.ts';
import { largestScan, stagesOf, tickMinutes } from './history-lane.ts';
import { type Limit, type Load, loadOf, type RegionClass, shareOf } from './limit.ts';
import type { Shape } from './shape.ts';
import { compactEverySeconds, tablesLag } from './tables-lag.ts';

const MIB = 1024 ** 2;

/** What the busiest hour brings at each volume, how long ticks take, and how far the tables lag. */
export function carriedTable(
  limits: readonly Limit[],
  volumes: readonly number[],
  shape: Shape,
  facts: StackFacts,
): string {
  const loads = volumes.map((events) => loadOf(events, shape, facts));
  const lags = volumes.map((events) => tablesLag(events, shape, facts));
  const everySeconds = compactEverySeconds(facts);
  const days = MINUTES_PER_MONTH / 1440;
  const minutesOf = (stage: 'compact' | 'summarize') =>
    loads.map(({ peak, ingest, eventsPerMonth }) =>
      number(
        tickMinutes(stagesOf(peak, ingest.objects, shape)[stage], peak.events * everySeconds, eventsPerMonth / days),
      ),
    );
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['events a second', loads.map(({ peak }) => number(peak.events))],
    ['MiB a second', loads.map(({ ingest }) => number(ingest.bytes / MIB))],
    ['runs under way', loads.map(({ peak }) => number(peak.openRuns))],
    ['seconds from landing to landing', loads.map(({ ingest }) => number(ingest.landingSeconds))],
    ['transforms at once', loads.map(({ ingest }) => number(ingest.transformsAtOnce))],
    ['trackers at once', loads.map(({ live }) => number(live.trackersAtOnce))],
    ['write units of the live table a second', loads.map(({ live }) => number(live.writeUnits))],
    ['minutes of a compaction tick', minutesOf('compact')],
    ['minutes of a tick of summaries', minutesOf('summarize')],
    [
      'GB that the largest statement scans',
      loads.map(({ eventsPerMonth }) => number(largestScan(eventsPerMonth / days, shape) / 1e9)),
    ],
    ['minutes by which the tables lag at worst', lags.map(({ worstSeconds }) => number(worstSeconds / 60))],
    ['late until', lags.map(({ lateUntilSecond, keepsUp }) => (keepsUp ? timeOf(lateUntilSecond) : 'for ever'))],
    ['most used limit, large regions', loads.map((load) => mostUsed(limits, load, 'large'))],
    ['most used limit, small regions', loads.map((load) => mostUsed(limits, load, 'small'))],
  ];
  return markdownTable(
    ['million events a month', ...volumes.map((events) => number(events / 1e6))],
    rows.map(([name, cells]) => [name, ...cells]),
  );
}

function mostUsed(limits: readonly Limit[], load: Load, region: RegionClass): string {
  const [most] = limits.toSorted((a, b) => shareOf(b, load, region) - shareOf(a, load, region));
  return most === undefined ? '' : `${most.what}: ${percent(shareOf(most, load, region))}`;
}

/** A second of the day as HH:MM. */
const timeOf = (second: number | undefined): string =>
  second === undefined ? 'never late' : new Date(second * 1000).toISOString().slice(11, 16);
