import type { Instant } from '../instant.ts';
import type { PipelineKey } from '../ports/pipeline-watches.ts';

/** A run that a person asks for. */
export interface StartRequest extends PipelineKey {
  readonly run_id: string;
  readonly who: string;
  readonly run_mode: string;
  readonly params: Readonly<Record<string, string>>;
  readonly scheduled_for?: Instant | undefined;
}

/** There is no such run. */
export class NoSuchRunError extends Error {
  override readonly name = 'NoSuchRunError';
}

/** What was asked for cannot be done, and why. */
export class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError';
}
