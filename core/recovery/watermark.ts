import type { Instant } from '../instant.ts';

/** How far a pipeline's data has come. */
export interface Watermark {
  /** The end of the latest data interval that a good run covered, or what a person set since; undefined: load everything. */
  readonly data_until?: Instant | undefined;
  readonly last_success_at?: Instant | undefined;
  readonly last_success_run_id?: string | undefined;
  /** The last time that it was set by hand. */
  readonly set_by_hand?: (Pick<WatermarkSet, 'data_until' | 'who' | 'why'> & { readonly set_at: Instant }) | undefined;
}

/** A watermark set by hand. */
export interface WatermarkSet {
  readonly environment: string;
  readonly process_name: string;
  /** Undefined: the next run loads everything. */
  readonly data_until?: Instant | undefined;
  readonly who: string;
  readonly why: string;
}

/** A line of the log: written with the act. */
export interface WatermarkLine extends WatermarkSet {
  readonly kind: 'watermark';
  readonly set_at: Instant;
}
