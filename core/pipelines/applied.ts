import type { Instant } from '../instant.ts';
import type { PipelineKey } from '../ports/pipeline-watches.ts';
import type { Expectations } from './expectations.ts';
import type { Problem } from './problem.ts';

/** The file of pipelines that holds. */
export interface AppliedPipelines {
  readonly applied_at: Instant;
  /** Who applied it. Missing: nobody said. */
  readonly applied_by?: string | undefined;
  /** As it was written. */
  readonly text: string;
  readonly expectations: Expectations;
}

/** What applying a file did. */
export interface Applied {
  /** With one of these nothing was changed. */
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** The pipelines that are watched since. */
  readonly watched: readonly PipelineKey[];
}
