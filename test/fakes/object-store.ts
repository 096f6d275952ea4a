import { MissingObjectError, type ObjectStore } from '../../core/ports/object-store.ts';
import { compareText } from '../../core/run/stamped.ts';

export interface FakeStore extends ObjectStore {
  /** What lies in it, as text. */
  readonly objects: Map<string, string>;
  /** Writes and reads of keys that begin with one of these fail. */
  readonly refused: Set<string>;
}

/** An object store in memory. */
export function aStore(): FakeStore {
  const objects = new Map<string, string>();
  const binary = new Map<string, Uint8Array>();
  const refused = new Set<string>();
  const check = (key: string): void => {
    for (const prefix of refused) if (key.startsWith(prefix)) throw new Error(`the bucket refuses ${key}`);
  };
  return {
    objects,
    refused,
    async put(key, content) {
      check(key);
      const text = typeof content === 'string' ? content : new TextDecoder().decode(content);
      if (typeof content === 'string' || isText(content)) binary.delete(key);
      else binary.set(key, Uint8Array.from(content));
      objects.set(key, text);
    },
    async get(key) {
      check(key);
      const content = binary.get(key) ?? objects.get(key);
      if (content === undefined) throw new MissingObjectError(`Expected an object ${key}, got none.`);
      return typeof content === 'string' ? new TextEncoder().encode(content) : content;
    },
    async *list(prefix) {
      for (const key of [...objects.keys()].sort(compareText)) {
        if (key.startsWith(prefix))
          yield { key, size_bytes: Buffer.byteLength(binary.get(key) ?? objects.get(key) ?? '') };
      }
    },
  };
}

const isText = (content: Uint8Array): boolean =>
  Buffer.compare(new TextEncoder().encode(new TextDecoder().decode(content)), content) === 0;
