import { landingSeconds } from '../cost/load.ts';
import { processorOf } from '../cost/loaded-usage.ts';
import { assumed, measured } from '../cost/measured.ts';
import type { StackFacts } from '../cost/stack-facts.ts';
import type { Rate, Shape } from './shape.ts';

/** What one second of such a rate asks of the stream, of its transform and of the bucket. */
export interface IngestDemand {
  readonly bytes: number;
  readonly records: number;
  readonly calls: number;
  readonly transformsAtOnce: number;
  /** How long the transform of a full buffer takes. */
  readonly transformSeconds: number;
  readonly objects: number;
  readonly landingSeconds: number;
}

export function ingestDemand(rate: Rate, shape: Shape, facts: StackFacts): IngestDemand {
  const bytes = rate.events * measured.sentBytes;
  const records = rate.events / shape.eventsPerRecord;
  const processor = processorOf(facts.functions.IngestAcceptEvents?.memoryGb ?? 1);
  const secondsPerEvent = (measured.acceptMicroseconds * 1e-6) / processor;
  const transforms = Math.max(bytes / facts.transformBufferBytes, 1 / Math.max(1, facts.transformSeconds));
  const landed = landingSeconds(rate.events, Math.max(1, facts.landingSeconds), facts);
  return {
    bytes,
    records,
    calls: records / shape.recordsPerCall,
    transformsAtOnce: rate.events * secondsPerEvent + (transforms * assumed.warmMs) / 1000,
    transformSeconds: (facts.transformBufferBytes / measured.sentBytes) * secondsPerEvent + assumed.warmMs / 1000,
    objects: 1 / landed,
    landingSeconds: landed,
  };
}
