/** How many objects to take at a time. Without a limit: all. */
export interface ObjectLimits {
  /** Bytes of all together. */
  readonly maxBytes?: number;
  readonly maxObjects?: number;
}

/** Tells of one object after the other whether it still fits the limits. The first always does. */
export function withinLimits({
  maxBytes = Number.POSITIVE_INFINITY,
  maxObjects = Number.POSITIVE_INFINITY,
}: ObjectLimits): (object: { readonly size_bytes: number }) => boolean {
  let objects = 0;
  let bytes = 0;
  return ({ size_bytes }) => {
    objects += 1;
    bytes += size_bytes;
    return objects === 1 || (bytes <= maxBytes && objects <= maxObjects);
  };
}
