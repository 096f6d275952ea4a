import type { StackFacts } from '../../cost/stack-facts.ts';
import type { Limit } from '../limit.ts';
import { alertLimits } from './alerts.ts';
import { historyLimits } from './history.ts';
import { ingestLimits } from './ingest.ts';
import { liveLimits } from './live.ts';

/** Everything that grows with the events and has a bound, in the order of the data. */
export const allLimits = (facts: StackFacts): readonly Limit[] => [
  ...ingestLimits,
  ...liveLimits(facts),
  ...historyLimits(facts),
  ...alertLimits,
];
