/** How many objects to take at a time. Without a limit: all. */
export interface ObjectLimits {
  /** Bytes of all together. */
  readonly maxBytes?: number;
  readonly maxObjects?: number;
  /** Bytes of their keys together, as UTF-8. */
  readonly maxKeyBytes?: number;
}

const utf8 = new TextEncoder();

/** Tells of one object after the other whether it still fits the limits. The first always does. */
export function withinLimits({
  maxBytes = Number.POSITIVE_INFINITY,
  maxObjects = Number.POSITIVE_INFINITY,
  maxKeyBytes = Number.POSITIVE_INFINITY,
}: ObjectLimits): (object: { readonly object: string; readonly size_bytes: number }) => boolean {
  let objects = 0;
  let bytes = 0;
  let keyBytes = 0;
  return ({ object, size_bytes }) => {
    objects += 1;
    bytes += size_bytes;
    keyBytes += utf8.encode(object).length;
    return objects === 1 || (bytes <= maxBytes && objects <= maxObjects && keyBytes <= maxKeyBytes);
  };
}
