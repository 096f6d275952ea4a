import { nodeRuntime, type Runtime } from './runtime.ts';
import { timeOrderedIds } from './time-ordered-ids.ts';
import { type Transport, TransportError } from './transport.ts';
import { unexpected } from './wire-value.ts';

/** The one method that is used of an `S3Client` of the AWS SDK for JavaScript v3. */
export interface S3Sender {
  send(command: unknown, options?: unknown): Promise<unknown>;
}

export interface S3TransportOptions {
  /** `s3://bucket/prefix` */
  readonly url: string;
  /** Default: `new S3Client()`, which takes region and credentials from the environment. */
  readonly client?: S3Sender | undefined;
}

/**
 * Writes one object of NDJSON for each call: `s3://bucket/prefix/dt=2026-11-03/hh=12/….ndjson`. Needs the package
 * `@aws-sdk/client-s3`, loaded when the first events are sent. Throws a TypeError for a wrong option.
 */
export function s3Transport(options: S3TransportOptions, runtime: Runtime = nodeRuntime): Transport {
  const [, bucket, path = ''] = /^s3:\/\/([^/\s]+)(?:\/(.*))?$/.exec(String(options.url).trim()) ?? [];
  if (bucket === undefined) throw unexpected('url', 'a place in S3, like "s3://bucket/prefix"', options.url);
  if (options.client !== undefined && typeof options.client?.send !== 'function')
    throw unexpected('client', 'an S3Client', options.client);
  const prefix = path.replace(/^\/+|\/+$/g, '');
  const nextId = timeOrderedIds(runtime);
  let own: S3Sender | undefined;

  return {
    name: `s3://${bucket}/${prefix}`,
    async send(records, signal) {
      const { S3Client, PutObjectCommand } = await loadSdk();
      own ??= options.client ?? (new S3Client() as S3Sender);
      const now = new Date(runtime.now()).toISOString();
      const parts = [prefix, `dt=${now.slice(0, 10)}`, `hh=${now.slice(11, 13)}`, `${nextId()}.ndjson`];
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: parts.filter((part) => part !== '').join('/'),
        Body: Buffer.concat(records),
        ContentType: 'application/x-ndjson',
      });
      await own.send(command, { abortSignal: signal });
      return undefined;
    },
  };
}

function loadSdk() {
  return import('@aws-sdk/client-s3').catch((cause: unknown) => {
    const message = 'Expected the package @aws-sdk/client-s3 to be installed; run `npm install @aws-sdk/client-s3`';
    throw new TransportError(message, { retryable: false, cause });
  });
}
