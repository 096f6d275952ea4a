import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { MissingObjectError, type ObjectStore } from '../../core/ports/object-store.ts';
import { compareText } from '../../core/run/stamped.ts';
import { contractTests, type Gap } from './gap.ts';

/** What every `ObjectStore` does. `open` gives an empty one each time. */
export function objectStoreContract(name: string, open: () => Promise<ObjectStore>, gaps: readonly Gap[] = []): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour = (sentence: string, body: (store: ObjectStore) => Promise<void>) =>
    contractTest(sentence, async () => body(await open()));

  describe(`${name} is an object store`, () => {
    behaviour('gives back what was put, text as UTF-8 and bytes as they are', async (store) => {
      await store.put('a/text.json', '{"name":"\u{1F600}"}');
      await store.put('a/bytes', Uint8Array.of(0, 255, 10, 13));
      await store.put('a/nothing', '');
      expect(textOf(await store.get('a/text.json'))).toBe('{"name":"\u{1F600}"}');
      expect([...(await store.get('a/bytes'))]).toEqual([0, 255, 10, 13]);
      expect(await store.get('a/nothing')).toHaveLength(0);
    });

    behaviour('replaces an object whole', async (store) => {
      await store.put('key', 'a long first content');
      await store.put('key', 'short');
      expect(textOf(await store.get('key'))).toBe('short');
      expect(await listed(store, '')).toEqual(['key']);
    });

    behaviour('of two writers at the same time one wins whole', async (store) => {
      const contents = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
      await Promise.all(contents.map((content) => store.put('key', content)));
      expect(contents).toContain(textOf(await store.get('key')));
      expect(await listed(store, '')).toEqual(['key']);
    });

    behaviour('names the key of an object that is not there', async (store) => {
      await expect(store.get('a/missing.json')).rejects.toThrow('a/missing.json');
      await expect(store.get('a/missing.json')).rejects.toBeInstanceOf(MissingObjectError);
      await store.put('a/there.json', '');
      await expect(store.get('a/there.json/below')).rejects.toThrow('a/there.json/below');
    });

    behaviour('lists what begins with a prefix, by key, with sizes', async (store) => {
      for (const key of ['raw/dt=2025-11-04/b', 'raw/dt=2025-11-03/a', 'raw/dt=2025-12-01/c', 'rawer/d', 'e'])
        await store.put(key, key);
      expect(await listed(store, 'raw/')).toEqual([
        'raw/dt=2025-11-03/a',
        'raw/dt=2025-11-04/b',
        'raw/dt=2025-12-01/c',
      ]);
      expect(await listed(store, 'raw/dt=2025-11')).toEqual(['raw/dt=2025-11-03/a', 'raw/dt=2025-11-04/b']);
      expect(await listed(store, 'raw/dt=2025-11-03/a')).toEqual(['raw/dt=2025-11-03/a']);
      expect(await listed(store, 'none/')).toEqual([]);
      for await (const { key, size_bytes } of store.list('')) expect(size_bytes).toBe(key.length);
    });

    behaviour('lists keys in the order of their characters, whatever folders they make', async (store) => {
      const letter = fc.constantFrom('a', 'A', '-', '.b', '0', '=', '\u{1F600}', '\uE000');
      const segment = fc.array(letter, { minLength: 1, maxLength: 3 }).map((letters) => `x${letters.join('')}`);
      // Leaves and folders bear different names, so that no key is the beginning of another.
      const key = fc
        .tuple(fc.array(segment, { maxLength: 2 }), segment)
        .map(([folders, leaf]) => [...folders.map((folder) => `d${folder}`), leaf].join('/'));
      const [keys] = fc.sample(fc.uniqueArray(key, { minLength: 60, maxLength: 60 }), { numRuns: 1, seed: 3 });
      await Promise.all((keys ?? []).map((each) => store.put(each, '')));
      expect(await listed(store, '')).toEqual([...(keys ?? [])].sort(compareText));
      expect(await listed(store, 'dx')).toEqual((keys ?? []).filter((each) => each.startsWith('dx')).sort(compareText));
    });

    checkGaps();
  });
}

const textOf = (content: Uint8Array): string => new TextDecoder().decode(content);

async function listed(store: ObjectStore, prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
}
