import type { Instant } from '../instant.ts';
import type { PipelineKey } from '../ports/pipeline-watches.ts';

/** One expected start, beside what came of it. */
export interface ExpectedSlot extends PipelineKey {
  readonly slot: Instant;
  /** The slot on the wall clock of the pipeline's zone, `YYYY-MM-DD HH:MM`. */
  readonly local_time: string;
  readonly timezone: string;
  /** `waiting`: its time has not come, or its grace is not over; `missed`: nothing started. */
  readonly state: 'waiting' | 'running' | 'good' | 'failed' | 'missed';
  /** What is wrong with it, as the rules say. */
  readonly reasons: readonly string[];
  readonly run_ids: readonly string[];
}
