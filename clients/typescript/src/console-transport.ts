import { writeSync } from 'node:fs';
import type { Transport } from './transport.ts';

const STANDARD_ERROR = 2;

/** Writes events to the standard error output, as NDJSON: what a job would send. */
export function consoleTransport(): Transport {
  return {
    name: 'console',
    sendSync: (records) => {
      for (const record of records) writeSync(STANDARD_ERROR, record);
    },
    async send(records) {
      for (const record of records) process.stderr.write(record);
      return undefined;
    },
  };
}
