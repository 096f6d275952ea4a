import { gzipSync } from 'node:zlib';
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { openObjectStore } from '../../../adapters/s3/object-store.ts';

function mockedBucket(maxObjectBytes?: number) {
  const client = new S3Client({ region: 'us-east-1' });
  return { mock: mockClient(client), store: openObjectStore({ client, bucket: 'lake', maxObjectBytes }) };
}

/** Only what the store takes from an answer. */
const answer = (content: Uint8Array | string, ContentLength?: number): Partial<GetObjectCommandOutput> => ({
  Body: { transformToByteArray: async () => Buffer.from(content) } as unknown as NonNullable<
    GetObjectCommandOutput['Body']
  >,
  ...(ContentLength === undefined ? {} : { ContentLength }),
});
const refusal = (name: string) => Object.assign(new Error('refused'), { name });
const textOf = (content: Uint8Array) => new TextDecoder().decode(content);

async function listed(store: ReturnType<typeof openObjectStore>, prefix: string) {
  const objects: { key: string; size_bytes: number }[] = [];
  for await (const object of store.list(prefix)) objects.push(object);
  return objects;
}

test('gzip is told by its first bytes, whatever the name says', async () => {
  const { mock, store } = mockedBucket();
  mock
    .on(GetObjectCommand)
    .resolvesOnce(answer(gzipSync('{"a":1}\n')))
    .resolvesOnce(answer('{"b":1}\n'));
  expect(textOf(await store.get('raw/a.ndjson'))).toBe('{"a":1}\n');
  expect(textOf(await store.get('raw/b.ndjson.gz'))).toBe('{"b":1}\n');
});

test('gzip of several members is read as one', async () => {
  const { mock, store } = mockedBucket();
  mock.on(GetObjectCommand).resolves(answer(Buffer.concat([gzipSync('a\n'), gzipSync('b\n')])));
  expect(textOf(await store.get('a'))).toBe('a\nb\n');
});

test('gzip that is cut short is told by its key', async () => {
  const { mock, store } = mockedBucket();
  mock.on(GetObjectCommand).resolves(answer(gzipSync('{"a":1}\n').subarray(0, 15)));
  await expect(store.get('raw/a.gz')).rejects.toThrow(
    'Expected raw/a.gz in the bucket lake to be whole gzip, as its first bytes say, got unexpected end of file.',
  );
});

test('an object larger than allowed is refused, packed or unpacked', async () => {
  const { mock, store } = mockedBucket(1_000);
  mock
    .on(GetObjectCommand)
    .resolvesOnce(answer('', 1_001))
    .resolves(answer(gzipSync('a'.repeat(1_001))));
  await expect(store.get('a')).rejects.toThrow('Expected a in the bucket lake to be at most 1000 bytes, got 1001.');
  await expect(store.get('a')).rejects.toThrow(
    'Expected a in the bucket lake to hold at most 1000 bytes when unpacked, got more.',
  );
});

test('a missing object is named', async () => {
  const { mock, store } = mockedBucket();
  mock.on(GetObjectCommand).rejects(new NoSuchKey({ $metadata: {}, message: 'none' }));
  await expect(store.get('raw/a')).rejects.toThrow(
    'Expected an object raw/a in the bucket lake, got none. Check the key, or list what is there.',
  );
});

test.each([
  ['AccessDenied', 'a missing object looks the same to a role that may not list'],
  ['NoSuchBucket', 'deploy the stack that makes it'],
  ['InvalidObjectState', 'restore it first'],
  ['SlowDown', 'try again later'],
])('%s is explained', async (name, advice) => {
  const { mock, store } = mockedBucket();
  mock.onAnyCommand().rejects(refusal(name));
  await expect(store.get('a')).rejects.toThrow(advice);
  await expect(store.put('a', '')).rejects.toThrow(`Expected to write a to the bucket lake, got ${name}: refused.`);
  await expect(listed(store, '')).rejects.toThrow('Expected to list everything in the bucket lake');
});

test('a list goes over pages as it is read, and leaves out the marks of folders', async () => {
  const { mock, store } = mockedBucket();
  mock
    .on(ListObjectsV2Command)
    .resolvesOnce({
      EncodingType: 'url',
      IsTruncated: true,
      NextContinuationToken: 'next',
      Contents: [
        { Key: 'raw/', Size: 0 },
        { Key: 'raw/a%2Bb+c', Size: 5 },
      ],
    })
    .resolvesOnce({ EncodingType: 'url', IsTruncated: false, Contents: [{ Key: 'raw/%C3%A9' }] });
  const reading = store.list('raw/')[Symbol.asyncIterator]();
  expect(await reading.next()).toMatchObject({ value: { key: 'raw/a+b c', size_bytes: 5 } });
  expect(mock.commandCalls(ListObjectsV2Command)).toHaveLength(1);
  expect(await reading.next()).toMatchObject({ value: { key: 'raw/é', size_bytes: 0 } });
  expect(mock.commandCalls(ListObjectsV2Command)[1]?.args[0].input).toMatchObject({ ContinuationToken: 'next' });
});

test.each(['', 'a/', 'a'.repeat(1_025), 'é'.repeat(513)])('the key %j is refused', async (key) => {
  const { mock, store } = mockedBucket();
  await expect(store.put(key, '')).rejects.toThrow('Expected a key such as "raw/dt=2025-11-03/hh=12/a.ndjson"');
  expect(mock.commandCalls(PutObjectCommand)).toEqual([]);
});
