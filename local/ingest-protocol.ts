import type { Taken } from '../core/ports/event-sink.ts';

/** The settings that the main thread starts the worker with. */
export interface IngestSettings {
  readonly root: string;
  readonly environment: string;
  readonly zone: string;
  readonly keepUserEmail: boolean;
  readonly userSalt: string;
  readonly maskPatterns: readonly { readonly name: string; readonly pattern: string }[];
  readonly fsync: boolean;
}

/** What one worker is started with. */
export interface WorkerSettings extends IngestSettings {
  /** Seal what a worker before this one left open when it died. */
  readonly recover: boolean;
}

/** Messages of the main thread to the worker. */
export type ToIngest =
  | { readonly kind: 'send'; readonly id: number; readonly records: readonly Uint8Array[] }
  /** Seal the open segments now. */
  | { readonly kind: 'seal'; readonly id: number }
  /** Answer `done` once everything before this message is answered. */
  | { readonly kind: 'sync'; readonly id: number };

/**
 * Runs as a JSON array. Of many small objects that takes two thirds of the time of copying them from thread to thread, and
 * while they wait for their turn a tenth of the room.
 */
export type RunsText = string;

/** Messages of the worker to the main thread. */
export type FromIngest =
  | { readonly kind: 'landed'; readonly id: number; readonly counts: Taken }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }
  /** What a landed batch adds to the live runs. */
  | {
      readonly kind: 'runs';
      readonly object: string;
      readonly event_dates: readonly string[];
      readonly runs: RunsText;
    }
  | { readonly kind: 'sealed'; readonly object: string; readonly lines: number; readonly size_bytes: number }
  /** What keeps it from landing or sealing; null once nothing does. Told again at each failed try. */
  | { readonly kind: 'trouble'; readonly cause: string | null }
  /** Everything that came before the `seal` or `sync` of this id is answered. */
  | { readonly kind: 'done'; readonly id: number };
