/** What a rebuild covers, and whether it may change anything. */
export interface RebuildOptions {
  /** Arrival day in UTC, `YYYY-MM-DD`; none: everything. */
  readonly day?: string | undefined;
  /** Compare only; change nothing. */
  readonly verify: boolean;
}

/** What a rebuild read, and how the tables it built differ from the real ones. */
export interface RebuildReport {
  /** Raw objects that were read. */
  readonly objects: number;
  /** Lines in them. */
  readonly lines: number;
  /** Every rebuilt table equals its real one. */
  readonly identical: boolean;
  /** The rebuilt tables have taken the place of the real ones. */
  readonly swapped: boolean;
  readonly tables: readonly TableComparison[];
  /** Raw objects that could not be taken in, and why: the rebuilt tables are without them. */
  readonly parked: readonly { readonly object: string; readonly why: string }[];
}

/** One table, real and rebuilt. Checksums do not depend on the order of rows. */
export interface TableComparison {
  readonly table: string;
  readonly rows: number;
  readonly rebuilt_rows: number;
  readonly checksum: string;
  readonly rebuilt_checksum: string;
}
