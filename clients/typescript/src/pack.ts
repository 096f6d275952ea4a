import { MAX_RECORD_BYTES } from './line.ts';

/** The most one call of `PutRecordBatch` takes. */
export const MAX_CALL_RECORDS = 500;
export const MAX_CALL_BYTES = 4 * 1024 * 1024;

/** Lines joined into one record: they are sent, and fail, together. */
export interface PackedRecord<Line> {
  readonly lines: readonly Line[];
  readonly sizeBytes: number;
}

export interface PackLimits {
  readonly recordBytes: number;
  readonly callRecords: number;
  readonly callBytes: number;
}

const LIMITS: PackLimits = {
  recordBytes: MAX_RECORD_BYTES,
  callRecords: MAX_CALL_RECORDS,
  callBytes: MAX_CALL_BYTES,
};

/**
 * Packs lines, in their order, into as few records as one call takes, and stops before the line that would exceed it.
 * A line is never split: one larger than a record, which `lineOf` does not make, is a record of its own.
 */
export function packCall<Line extends { readonly bytes: Uint8Array }>(
  lines: Iterable<Line>,
  limits: PackLimits = LIMITS,
): readonly PackedRecord<Line>[] {
  const records: { lines: Line[]; sizeBytes: number }[] = [];
  let callBytes = 0;
  for (const line of lines) {
    const sizeBytes = line.bytes.length;
    if (callBytes > 0 && callBytes + sizeBytes > limits.callBytes) break;
    const open = records.at(-1);
    if (open && open.sizeBytes + sizeBytes <= limits.recordBytes) {
      open.lines.push(line);
      open.sizeBytes += sizeBytes;
    } else {
      if (records.length === limits.callRecords) break;
      records.push({ lines: [line], sizeBytes });
    }
    callBytes += sizeBytes;
  }
  return records;
}

/** How many lines those records hold. */
export const countIn = (records: readonly PackedRecord<unknown>[]): number =>
  records.reduce((count, record) => count + record.lines.length, 0);
