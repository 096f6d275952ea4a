/** Bytes that the statements of one invocation read: what Athena bills. */
export interface ScanMeter {
  readonly add: (query: string, scannedBytes: number) => void;
  bytes(): number;
}

export function scanMeter(): ScanMeter {
  let bytes = 0;
  return {
    add: (_query, scannedBytes) => {
      bytes += scannedBytes;
    },
    bytes: () => bytes,
  };
}
