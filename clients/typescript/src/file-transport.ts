import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { absolutePath } from './absolute-path.ts';
import type { Transport } from './transport.ts';
import { unexpected } from './wire-value.ts';

/**
 * Appends events to a file as NDJSON, for `runledger ingest FILE`. Many processes may share it: every record is one
 * write. Throws a TypeError for a wrong option.
 */
export function fileTransport({ path }: { readonly path: string }): Transport {
  if (typeof path !== 'string' || path.trim() === '') throw unexpected('path', 'the path of a file', path);
  const file = absolutePath(path.trim());
  const sendSync = (records: readonly Uint8Array[]): void => {
    mkdirSync(dirname(file), { recursive: true });
    for (const record of records) appendFileSync(file, record, { mode: 0o600 });
  };
  return {
    name: `file:${file}`,
    sendSync,
    async send(records) {
      sendSync(records);
      return undefined;
    },
  };
}
