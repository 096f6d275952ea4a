import type * as z from 'zod';
import { MissingObjectError, type ObjectStore } from '../core/ports/object-store.ts';

/** The JSON that an object holds; undefined when there is none. Throws when the store cannot be reached, or the object holds something else. */
export async function storedJson<T>(
  store: Pick<ObjectStore, 'get'>,
  key: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(await store.get(key))));
  } catch (error) {
    if (error instanceof MissingObjectError) return undefined;
    throw error;
  }
}
