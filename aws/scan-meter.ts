/** Adds up the bytes that the statements of one invocation scan: what Athena bills. */
export interface ScanMeter {
  readonly add: (query: string, scannedBytes: number) => void;
  bytes(): number;
}

/** A meter that starts at 0. */
export function scanMeter(): ScanMeter {
  let bytes = 0;
  return {
    add: (_query, scannedBytes) => {
      bytes += scannedBytes;
    },
    bytes: () => bytes,
  };
}
