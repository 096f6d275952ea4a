/**
 * Files by key, as S3 has them. Keys are text of at most 1,024 bytes with `/` between their parts, and do not end in
 * `/`. Every method throws when the store cannot be reached, with the key in the message.
 */
export interface ObjectStore {
  /**
   * Writes an object, text as UTF-8. One that exists is replaced whole or not at all; of two writers at the same time
   * the last one wins. Throws on a key that the store cannot hold.
   */
  put(key: string, content: string | Uint8Array): Promise<void>;
  /**
   * The content. A store that other systems write to may unpack gzip. Throws `MissingObjectError` when there is no such
   * object, and `CorruptObjectError` when the bytes that are there can never be read.
   */
  get(key: string): Promise<Uint8Array>;
  /** Objects whose key begins with the prefix, by key in the order of its UTF-8 bytes. An empty prefix lists all. */
  list(prefix: string): AsyncIterable<{
    readonly key: string;
    /** As stored: of a packed object, packed. */
    readonly size_bytes: number;
  }>;
}

/** An object that is there and cannot be read: another try would read the same bytes. */
export class CorruptObjectError extends Error {
  override readonly name = 'CorruptObjectError';
}

/** There is no such object. */
export class MissingObjectError extends Error {
  override readonly name = 'MissingObjectError';
}
