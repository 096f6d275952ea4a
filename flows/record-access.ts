import { type Access, accessLine } from '../core/access-line.ts';
import { dateOf } from '../core/instant.ts';
import type { Mask } from '../core/mask/mask.ts';
import { accessFolder } from '../core/object-keys.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';

export interface RecordAccessPorts {
  readonly store: ObjectStore;
  readonly mask: Mask;
}

/** Records one question as an object of its own. Doing it twice writes the same object. */
export async function recordAccess({ store, mask }: RecordAccessPorts, access: Access): Promise<void> {
  const object = `${accessFolder(dateOf(access.asked_at))}${access.access_key}.ndjson`;
  await store.put(object, `${accessLine(access, mask)}\n`);
}
