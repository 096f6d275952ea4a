/** How the raw objects differ from the records of them. */
export interface RawFindings {
  /** Raw objects there are. */
  readonly objects: number;
  /** Recorded, and not there. */
  readonly missing: readonly string[];
  /** There, and of another size than when it was recorded. */
  readonly changed: readonly {
    readonly object: string;
    readonly recorded_bytes: number;
    readonly found_bytes: number;
  }[];
  /** There, and not recorded. */
  readonly unrecorded: readonly string[];
}
