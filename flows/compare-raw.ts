import { rawFolder } from '../core/object-keys.ts';
import type { DataObject } from '../core/objects/data-object.ts';
import type { RawFindings } from '../core/objects/raw-findings.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';

/**
 * Compares every raw object with its record. Reads no content. What lands meanwhile may be found and not be among the
 * records, which are as they were when it was called.
 */
export async function compareRaw(
  store: ObjectStore,
  records: readonly Pick<DataObject, 'object' | 'size_bytes'>[],
): Promise<RawFindings> {
  const found = new Map<string, number>();
  for await (const { key, size_bytes } of store.list(rawFolder())) found.set(key, size_bytes);
  const objects = found.size;
  const missing: string[] = [];
  const changed: { object: string; recorded_bytes: number; found_bytes: number }[] = [];
  for (const { object, size_bytes } of records) {
    const found_bytes = found.get(object);
    found.delete(object);
    if (found_bytes === undefined) missing.push(object);
    else if (found_bytes !== size_bytes) changed.push({ object, recorded_bytes: size_bytes, found_bytes });
  }
  return { objects, missing, changed, unrecorded: [...found.keys()] };
}
