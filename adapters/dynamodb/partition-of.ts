import { createHash } from 'node:crypto';

/** DynamoDB's bound for a partition key, in a table and in an index. */
const MAX_PARTITION_KEY_BYTES = 2048;

/** A partition key of this text, or of its hash where the text is too long. */
export function partitionOf<Prefix extends string>(prefix: Prefix, text: string): `${Prefix}${string}` {
  const key = `${prefix}${text}` as const;
  return Buffer.byteLength(key) <= MAX_PARTITION_KEY_BYTES
    ? key
    : `${prefix}${createHash('sha256').update(text).digest('base64url')}`;
}
