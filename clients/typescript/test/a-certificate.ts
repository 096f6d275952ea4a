import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestFolder } from './a-folder.ts';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** The file of the certificate, for NODE_EXTRA_CA_CERTS. */
  readonly file: string;
}

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** A certificate that nobody else trusts. */
export function aCertificate(folder: TestFolder, host: string): Certificate {
  const [key, file] = [join(folder.path, 'key.pem'), join(folder.path, 'cert.pem')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`, '-keyout', key, '-out', file],
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(file, 'utf8'), file };
}
