import type { IngestCounts } from '../core/ports/event-sink.ts';
import type { Run } from '../core/run/run.ts';

/** What the main thread gives the worker that accepts and lands. */
export interface IngestSettings {
  readonly root: string;
  readonly environment: string;
  readonly zone: string;
  readonly keepUserEmail: boolean;
  readonly maskPatterns: readonly { readonly name: string; readonly pattern: string }[];
  readonly fsync: boolean;
}

export type ToIngest =
  | { readonly kind: 'send'; readonly id: number; readonly records: readonly Uint8Array[] }
  /** Seal what is open, now. */
  | { readonly kind: 'seal'; readonly id: number }
  /** Answer once everything before it is told. */
  | { readonly kind: 'sync'; readonly id: number };

export type FromIngest =
  | { readonly kind: 'landed'; readonly id: number; readonly counts: IngestCounts }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  /** What a landed batch adds to the live runs. */
  | {
      readonly kind: 'runs';
      readonly object: string;
      readonly event_dates: readonly string[];
      readonly runs: readonly Run[];
    }
  | { readonly kind: 'sealed'; readonly object: string; readonly lines: number; readonly size_bytes: number }
  /** Everything before the `seal` or `sync` of this id is told. */
  | { readonly kind: 'done'; readonly id: number };
