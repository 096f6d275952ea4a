import { expect, test } from 'vitest';
import { readAhead } from '../../aws/read-ahead.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { objectStoreContract } from '../contracts/object-store.contract.ts';
import { aStore } from '../fakes/object-store.ts';

objectStoreContract('Reading ahead', async () => readAhead(aStore()));

/** A store of objects that hold their own key; `bad` cannot be read. */
function aBucketOf(keys: readonly string[]) {
  const bucket = aStore();
  for (const key of keys) bucket.objects.set(key, key);
  bucket.refused.add('bad');
  const got: string[] = [];
  const get = (key: string) => {
    got.push(key);
    return bucket.get(key);
  };
  return { got, store: readAhead({ ...bucket, get }) };
}
const listed = async (store: ObjectStore): Promise<void> => {
  for await (const _ of store.list(''));
};

test('each object is fetched once, some before they are asked for', async () => {
  const keys = Array.from({ length: 30 }, (_, at) => `k${String(at).padStart(2, '0')}`);
  const { got, store } = aBucketOf(keys);
  await listed(store);
  expect(Buffer.from(await store.get('k00')).toString()).toBe('k00');
  expect(got, 'the first, and eight behind it').toEqual(keys.slice(0, 9));
  for (const key of keys.slice(1)) expect(Buffer.from(await store.get(key)).toString()).toBe(key);
  expect(got).toEqual(keys);
});

test('an object that cannot be read fails for who asks for it, and for nobody else', async () => {
  const { store } = aBucketOf(['a', 'bad', 'c']);
  await listed(store);
  await store.get('a');
  await expect(store.get('bad')).rejects.toThrow('the bucket refuses bad');
  expect(Buffer.from(await store.get('c')).toString()).toBe('c');
});
