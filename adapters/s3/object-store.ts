import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { CorruptObjectError, MissingObjectError, type ObjectStore } from '../../core/ports/object-store.ts';
import { plainContent } from './plain-content.ts';
import { unreachable } from './unreachable.ts';

export interface BucketSettings {
  readonly client: S3Client;
  /** Its name. */
  readonly bucket: string;
  /** The most one object may hold once unpacked; 512 MiB by default. Beyond it `get` throws. */
  readonly maxObjectBytes?: number | undefined;
}

const DEFAULT_MAX_OBJECT_BYTES = 512 * 1024 * 1024;

/**
 * Objects of one bucket. `get` unpacks gzip, whatever the key says. What S3 refuses is thrown with what was expected,
 * what came and what to do.
 */
export function openObjectStore({
  client,
  bucket,
  maxObjectBytes = DEFAULT_MAX_OBJECT_BYTES,
}: BucketSettings): ObjectStore {
  return {
    async put(key, content) {
      try {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: named(key), Body: bytesOf(content) }));
      } catch (error) {
        throw unreachable(`to write ${key} to the bucket ${bucket}`, error);
      }
    },

    async get(key) {
      const packed = await read(client, bucket, named(key), maxObjectBytes);
      return plainContent(packed, `${key} in the bucket ${bucket}`, maxObjectBytes);
    },

    list: (prefix) => listed(client, bucket, prefix),
  };
}

async function read(client: S3Client, bucket: string, key: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const { Body, ContentLength } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (ContentLength !== undefined && ContentLength > maxBytes)
      throw new CorruptObjectError(
        `Expected ${key} in the bucket ${bucket} to be at most ${maxBytes} bytes, got ${ContentLength}. Split it, or allow more.`,
      );
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    if (error instanceof CorruptObjectError) throw error;
    if (error instanceof NoSuchKey)
      throw new MissingObjectError(
        `Expected an object ${key} in the bucket ${bucket}, got none. Check the key, or list what is there.`,
        { cause: error },
      );
    throw unreachable(`to read ${key} from the bucket ${bucket}`, error);
  }
}

/** Reads a page of up to 1,000 keys when the caller comes to it. S3 lists keys in the order of their UTF-8 bytes. */
async function* listed(
  client: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<{ readonly key: string; readonly size_bytes: number }> {
  let from: string | undefined;
  do {
    const page = await pageOf(client, bucket, prefix, from);
    for (const { Key, Size } of page.Contents ?? []) {
      if (Key === undefined) continue;
      const key = keyOf(Key, page);
      // The S3 console makes such objects to show an empty folder.
      if (!key.endsWith('/')) yield { key, size_bytes: Size ?? 0 };
    }
    from = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (from !== undefined);
}

async function pageOf(
  client: S3Client,
  bucket: string,
  prefix: string,
  from: string | undefined,
): Promise<ListObjectsV2CommandOutput> {
  try {
    return await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ContinuationToken: from,
        // Keys may hold characters that XML 1.0, the form of the answer, cannot.
        EncodingType: 'url',
      }),
    );
  } catch (error) {
    throw unreachable(`to list ${prefix === '' ? 'everything' : prefix} in the bucket ${bucket}`, error);
  }
}

const keyOf = (key: string, page: ListObjectsV2CommandOutput): string =>
  page.EncodingType === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;

function named(key: string): string {
  if (key === '' || key.endsWith('/') || Buffer.byteLength(key) > MAX_KEY_BYTES)
    throw new Error(
      `Expected a key such as "raw/dt=2025-11-03/hh=12/a.ndjson" of at most ${MAX_KEY_BYTES} bytes that does not end ` +
        `in "/", got ${JSON.stringify(key.slice(0, 200))}. Use a shorter or longer name.`,
    );
  return key;
}

const MAX_KEY_BYTES = 1024;

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
