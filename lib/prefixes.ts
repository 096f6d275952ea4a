/** The folders of the bucket. `lambdas/` writes under the same names. */
export const PREFIXES = {
  /** Accepted lines, by UTC hour of arrival. */
  raw: 'raw/',
  /** Lines that could not be accepted, with their reason. */
  rejected: 'rejected/',
  /** Whole masked lines that were too large to land uncut. */
  oversize: 'oversize/',
  /** What Firehose could not transform or deliver, in its own envelopes. */
  failed: 'failed/',
  /** The Iceberg tables. */
  tables: 'tables/',
  /** What Athena answers. */
  results: 'results/',
} as const;
