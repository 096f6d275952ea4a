import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { openObjectStore } from '../../../adapters/s3/object-store.ts';
import { objectStoreContract } from '../../contracts/object-store.contract.ts';

/** Runs every sentence about the object store against real buckets, a new one for each. */
export function s3Contracts(config: S3ClientConfig): void {
  const client = new S3Client(config);
  const open = async () => {
    const bucket = `contract-${randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return openObjectStore({ client, bucket });
  };
  objectStoreContract('S3', open);

  test('S3 lists more than a page, and keys that XML cannot write', async () => {
    const store = await open();
    const keys = Array.from({ length: 1_005 }, (_, index) => `raw/${String(index).padStart(4, '0')}`);
    for (const key of keys) await store.put(key, '');
    await store.put('odd/a b+c%2B&<é>', '1');
    const listed: string[] = [];
    for await (const { key } of store.list('')) listed.push(key);
    expect(listed).toEqual(['odd/a b+c%2B&<é>', ...keys]);
    expect(new TextDecoder().decode(await store.get('odd/a b+c%2B&<é>'))).toBe('1');
  });

  test('S3 gives gzip back unpacked', async () => {
    const store = await open();
    await store.put('raw/a.ndjson', gzipSync('{"a":1}\n'));
    expect(new TextDecoder().decode(await store.get('raw/a.ndjson'))).toBe('{"a":1}\n');
  });
}
