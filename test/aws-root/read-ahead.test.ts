import { expect, test } from 'vitest';
import { readAhead } from '../../aws/read-ahead.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';

function aStore(keys: readonly string[]) {
  const got: string[] = [];
  const store: ObjectStore = {
    put: async () => undefined,
    get: async (key) => {
      got.push(key);
      if (key === 'bad') throw new Error('no such object');
      return Buffer.from(key);
    },
    list: async function* () {
      for (const key of keys) yield { key, size_bytes: 1 };
    },
  };
  return { got, store: readAhead(store) };
}
const listed = async (store: ObjectStore): Promise<void> => {
  for await (const _ of store.list(''));
};

test('each object is fetched once, some before they are asked for', async () => {
  const keys = Array.from({ length: 30 }, (_, at) => `k${at}`);
  const { got, store } = aStore(keys);
  await listed(store);
  expect((await store.get('k0')).toString()).toBe('k0');
  expect(got, 'the first, and eight behind it').toEqual(keys.slice(0, 9));
  for (const key of keys.slice(1)) expect(Buffer.from(await store.get(key)).toString()).toBe(key);
  expect(got).toEqual(keys);
});

test('an object that cannot be read fails for who asks for it, and for nobody else', async () => {
  const { store } = aStore(['a', 'bad', 'c']);
  await listed(store);
  await store.get('a');
  await expect(store.get('bad')).rejects.toThrow('no such object');
  expect((await store.get('c')).toString()).toBe('c');
});
