/**
 * What `npm run bench -- volumes` printed: the seed's events, in runs of 50. Times are of one core of an AMD EPYC; that of
 * accepting is of the whole handler, as `npm run bench -- lambda` printed it.
 */
export const measured = {
  /** Bytes an event, as a client sends it; as accept lands it; and gzipped as Firehose writes it. */
  sentBytes: 1226,
  landedBytes: 1436,
  landedGzipBytes: 83,
  acceptMicroseconds: 42,
  trackMicroseconds: 42,
  /** What the live lane does for one run of 50 events, the rest of which are heartbeats. */
  liveRuns: [
    { steps: 4, minutes: 1, flushSeconds: 60, writeUnits: 4, readUnits: 1, storedBytes: 1160 },
    { steps: 4, minutes: 1, flushSeconds: 300, writeUnits: 4, readUnits: 1, storedBytes: 1160 },
    { steps: 4, minutes: 10, flushSeconds: 60, writeUnits: 18, readUnits: 10, storedBytes: 1160 },
    { steps: 4, minutes: 10, flushSeconds: 300, writeUnits: 7, readUnits: 2, storedBytes: 1160 },
    { steps: 4, minutes: 60, flushSeconds: 60, writeUnits: 73, readUnits: 50, storedBytes: 1170 },
    { steps: 4, minutes: 60, flushSeconds: 300, writeUnits: 21, readUnits: 12, storedBytes: 1170 },
    { steps: 24, minutes: 1, flushSeconds: 60, writeUnits: 6, readUnits: 1, storedBytes: 3190 },
    { steps: 24, minutes: 1, flushSeconds: 300, writeUnits: 6, readUnits: 1, storedBytes: 3200 },
    { steps: 24, minutes: 10, flushSeconds: 60, writeUnits: 29, readUnits: 10, storedBytes: 3170 },
    { steps: 24, minutes: 10, flushSeconds: 300, writeUnits: 10, readUnits: 2, storedBytes: 3170 },
    { steps: 24, minutes: 60, flushSeconds: 60, writeUnits: 125, readUnits: 50, storedBytes: 3230 },
    { steps: 24, minutes: 60, flushSeconds: 300, writeUnits: 34, readUnits: 12, storedBytes: 3230 },
  ],
  /** Bytes an event in `pipeline_logs`, as Parquet with zstd: all of it, and the columns that are more than a trace. */
  logBytes: 122,
  logColumnBytes: {
    raw_payload: 72.3,
    event_id: 20.5,
    event_key: 18.1,
    event_time: 1.5,
    created_at: 1.5,
    updated_at: 1.5,
    start_time: 1.5,
    run_id: 1.4,
    end_time: 1,
    process_name: 0.7,
    step_name: 0.7,
    step_index: 0.7,
    event_type: 0.2,
    status: 0.1,
    duration_ms: 0.1,
  },
  /** Bytes a row; of the key columns, what a MERGE reads of it. */
  runRow: { bytes: 50, keyBytes: 23 },
  stepRow: { bytes: 6.1, keyBytes: 3.2 },
} as const;

/** Assumptions that only an account can confirm. Replace them by your own figures. */
export const assumed = {
  /** Milliseconds Lambda bills for a call that finds nothing to do, warm, and for one that has to start first. */
  warmMs: 50,
  coldMs: 1000,
  /** Seconds that one statement takes on Athena, which the function waits for. */
  statementSeconds: 6,
  /** Files that a statement leaves in a partition it writes, beside four of metadata; and reads of S3 for each file scanned. */
  filesPerStatement: 1,
  readsPerFile: 2,
  /** Of a hundred runs, how many fail and raise an alert. */
  failedPerHundred: 1,
  /** Bytes a structured log line takes, with what Lambda adds. */
  logLineBytes: 600,
} as const;
