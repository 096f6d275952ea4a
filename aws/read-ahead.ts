import type { ObjectStore } from '../core/ports/object-store.ts';

/** How many objects are on their way at a time: each is a few MB once unpacked. */
const AHEAD = 8;

/**
 * A store that fetches the objects it has listed before they are asked for, because they are asked for one by one, in
 * the order of the list: a round trip for each would be most of the time.
 */
export function readAhead(store: ObjectStore): ObjectStore {
  const listed: string[] = [];
  const under = new Map<string, Promise<Uint8Array>>();
  let next = 0;
  const fetchNext = (): void => {
    while (under.size < AHEAD && next < listed.length) {
      const key = listed[next++] as string;
      const content = store.get(key);
      // A caller of `get` sees the failure; without one it must not end the process.
      content.catch(() => undefined);
      under.set(key, content);
    }
  };
  return {
    ...store,
    list: async function* (prefix) {
      for await (const object of store.list(prefix)) {
        listed.push(object.key);
        yield object;
      }
    },
    get: (key) => {
      const content = under.get(key) ?? store.get(key);
      if (!under.delete(key)) next = Math.max(next, listed.indexOf(key) + 1);
      fetchNext();
      return content;
    },
  };
}
