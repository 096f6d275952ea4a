import type { StackFacts } from '../cost/stack-facts.ts';
import { type IngestDemand, ingestDemand } from './ingest.ts';
import { type LiveDemand, liveDemand } from './live-lane.ts';
import type { ResponseName } from './responses.ts';
import { hourlyRates, peakRate, type Rate, rateOf, type Shape } from './shape.ts';
import type { SourceName } from './sources.ts';

/** us-east-1, us-west-2 and eu-west-1, or the regions with the least quotas. */
export type RegionClass = 'large' | 'small';
export const REGION_CLASSES: readonly RegionClass[] = ['large', 'small'];

/** What is asked in the busiest hour of a month with so many events. */
export interface Load {
  readonly eventsPerMonth: number;
  readonly shape: Shape;
  readonly facts: StackFacts;
  readonly peak: Rate;
  readonly ingest: IngestDemand;
  readonly live: LiveDemand;
  /** Of the last hour of the UTC day, whose runs cross midnight. */
  readonly lastHour: { readonly rate: Rate; readonly ingest: IngestDemand; readonly live: LiveDemand };
}

/** Something that bounds the ledger, a quota of AWS or a bound of its own. */
export interface Limit {
  readonly what: string;
  readonly unit: string;
  readonly source: SourceName;
  /** True: the default is from memory; the page named does not say it, or was not read. */
  readonly isFromMemory?: true;
  /** The default, by class of region where they differ. */
  readonly quota: number | Readonly<Record<RegionClass, number>>;
  readonly use: (load: Load) => number;
  /** What the ledger does beyond it. */
  readonly response: ResponseName;
  /** Which option or request lifts it. */
  readonly lift: string;
}

export function loadOf(eventsPerMonth: number, shape: Shape, facts: StackFacts): Load {
  const peak = peakRate(eventsPerMonth, shape);
  const last = rateOf(hourlyRates(eventsPerMonth, shape).at(-1) ?? 0, shape);
  return {
    ...{ eventsPerMonth, shape, facts, peak },
    ingest: ingestDemand(peak, shape, facts),
    live: liveDemand(peak, shape, facts),
    lastHour: { rate: last, ingest: ingestDemand(last, shape, facts), live: liveDemand(last, shape, facts) },
  };
}

export const quotaOf = ({ quota }: Limit, region: RegionClass): number =>
  typeof quota === 'number' ? quota : quota[region];

/** 1 when all of the quota is used. */
export const shareOf = (limit: Limit, load: Load, region: RegionClass): number =>
  limit.use(load) / quotaOf(limit, region);

const LEAST = 1e4;
const MOST = 1e13;

/** Events a month at which all of the quota is used; undefined when no number of events does. */
export function reachedAt(limit: Limit, region: RegionClass, shape: Shape, facts: StackFacts): number | undefined {
  const isReached = (events: number) => shareOf(limit, loadOf(events, shape, facts), region) >= 1;
  if (!isReached(MOST)) return undefined;
  let [low, high] = [LEAST, MOST];
  while (high / low > 1.001) {
    const middle = Math.sqrt(low * high);
    if (isReached(middle)) high = middle;
    else low = middle;
  }
  return high;
}
