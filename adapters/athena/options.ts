import type { AthenaClient } from '@aws-sdk/client-athena';
import type { Clock } from '../../core/ports/clock.ts';

/** What every use of Athena needs: the client, where the tables and their files are, and the world as arguments. */
export interface AthenaOptions {
  readonly client: AthenaClient;
  readonly workGroup: string;
  /** The Glue database that holds the ledger's tables. */
  readonly database: string;
  /** The lake's bucket: it holds `raw/`, `rejected/` and `tables/`. */
  readonly bucket: string;
  /** Where Athena writes results; left out when the workgroup names the place or manages results itself. */
  readonly outputLocation?: string | undefined;
  /**
   * Which try of the caller's work this is. A statement that the same try sends again, after it was cut off, is not run
   * again: Athena answers with the first execution. A new try runs everything.
   */
  readonly tryName: string;
  readonly clock: Clock;
  readonly sleep: (delayMs: number) => Promise<void>;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  /** A statement that takes longer, its repetitions included, is cancelled. Default ten minutes. */
  readonly timeoutMs?: number | undefined;
  /** How many milliseconds the caller has left: no statement outlasts them. Default: as many as it takes. */
  readonly leftMs?: (() => number) | undefined;
  /** Called with the bytes that each execution scanned, failed ones too: they are what Athena bills. */
  readonly onScanned?: ((query: string, scannedBytes: number) => void) | undefined;
  /** Called at each poll with how far the execution is. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Once it is aborted, the running statement is cancelled and no other is started. */
  readonly signal?: AbortSignal | undefined;
}

/** How far an execution is. */
export interface Progress {
  readonly query: string;
  /** Athena's name for it: QUEUED, RUNNING, SUCCEEDED, FAILED, CANCELLED. */
  readonly state: string;
  readonly scanned_bytes: number;
  readonly elapsed_ms: number;
}
