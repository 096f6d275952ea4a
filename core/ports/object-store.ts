/** Files by key, as S3 has them. Keys use `/`; an existing object is replaced whole or not at all. */
export interface ObjectStore {
  put(key: string, content: string | Uint8Array): Promise<void>;
  /** Throws when there is no such object, and `CorruptObjectError` when what is there can never be read. */
  get(key: string): Promise<Uint8Array>;
  /** Objects whose key begins with the prefix, by key. */
  list(prefix: string): AsyncIterable<{ readonly key: string; readonly size_bytes: number }>;
}

/** An object that is there and cannot be read: another try would read the same bytes. */
export class CorruptObjectError extends Error {
  override readonly name = 'CorruptObjectError';
}
