/**
 * What `npm run bench -- volumes` printed: the seed's events, in runs of 50. Times are of one core of an AMD EPYC; that of
 * accepting is of the whole handler, as `npm run bench -- lambda` printed it.
 */
export const measured = {
  /** Bytes an event, as a client sends it; as accept lands it; and gzipped as Firehose writes it. */
  sentBytes: 1226,
  landedBytes: 1417,
  landedGzipBytes: 83,
  acceptMicroseconds: 42,
  trackMicroseconds: 42,
  /** Processor time in DuckDB: to type and insert an event, to derive the run and the steps of an event, to look at a row. */
  insertMicroseconds: 30,
  deriveMicroseconds: 44,
  scanMicroseconds: 0.02,
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
  /** Bytes of a row of `pipeline_run_state` and of `pipeline_steps`. */
  runBytes: 55.4,
  stepBytes: 6.1,
} as const;

/** Assumptions that only an account can confirm. Replace them by your own figures. */
export const assumed = {
  /** Milliseconds Lambda bills for a call that finds nothing to do, warm, and for one that has to start first. */
  warmMs: 50,
  coldMs: 1000,
  /** Milliseconds of a ping: reading the token, changing the notes, putting the record, one after the other. */
  pingMs: 40,
  /** Milliseconds of a request that is refused. */
  refusedMs: 5,
  /** Bytes of a request in the log of API Gateway. */
  requestLogBytes: 300,
  /** Seconds that one statement takes on Athena, which the function waits for. */
  statementSeconds: 6,
  /** Files that a statement leaves in a partition it writes, beside four of metadata; and reads of S3 for each file scanned. */
  filesPerStatement: 1,
  readsPerFile: 2,
  /** Of a hundred runs, how many fail and raise an alert. */
  failedPerHundred: 1,
  /** Bytes a structured log line takes, with what Lambda adds. */
  logLineBytes: 600,
  /** Seconds of one round trip to the live table. */
  updateSeconds: 0.01,
  /** Processors a statement has on Athena, the least it gives (4 DPU of 4); each does this part of what DuckDB's does. */
  athenaProcessors: 16,
  athenaPart: 1 / 3,
} as const;
