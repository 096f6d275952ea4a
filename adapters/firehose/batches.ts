import { LineTooLongError } from '../../core/ports/event-sink.ts';

/** Limits of PutRecordBatch, counted before base64: the service's quotas. */
const MAX_RECORDS = 500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const MAX_RECORD_BYTES = 1_000 * 1024;

const NEWLINE = 0x0a;
const SPACE = 0x20;

/** Records in their order, in batches that one call takes. */
export function* batchesOf(records: Iterable<Uint8Array>): Generator<readonly Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const record of records) {
    if (batch.length === MAX_RECORDS || bytes + record.length > MAX_BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(record);
    bytes += record.length;
  }
  if (batch.length > 0) yield batch;
}

/** Records as they are, or split between lines when they are too large. Throws on a line that no record can hold. */
export function* fittingRecords(records: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const record of records) {
    let start = 0;
    while (record.length - start > MAX_RECORD_BYTES) {
      const end = record.lastIndexOf(NEWLINE, start + MAX_RECORD_BYTES - 1);
      if (end < start) throw tooLong(record, start);
      yield record.subarray(start, end + 1);
      start = end + 1;
    }
    if (start < record.length) yield record.subarray(start);
  }
}

/** How many lines of a record are not blank. */
export function linesIn(record: Uint8Array): number {
  let lines = 0;
  let blank = true;
  for (const byte of record) {
    if (byte === NEWLINE) blank = true;
    else if (blank && byte > SPACE) {
      blank = false;
      lines += 1;
    }
  }
  return lines;
}

function tooLong(record: Uint8Array, start: number): Error {
  const newline = record.indexOf(NEWLINE, start);
  const length = (newline === -1 ? record.length : newline) - start;
  const text = new TextDecoder().decode(record.subarray(start, start + 60));
  return new LineTooLongError(
    `Expected lines of at most ${MAX_RECORD_BYTES} bytes, which is what a stream takes, got one of ${length} ` +
      `(${JSON.stringify(text)}…). Keep large payloads in a file and send its path. Nothing was sent.`,
  );
}
