import { USER_SALT_KEY } from '../core/object-keys.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';

/**
 * The salt of the hashes that stand for people, made once and kept with the ledger: without it nobody can try out which
 * address a hash is of. `make` gives a new one, at least 128 bits of randomness as text. One writer at a time: the process
 * that holds the folder, or the deployment.
 */
export async function ensureUserSalt(store: ObjectStore, make: () => string): Promise<string> {
  for await (const { key } of store.list(USER_SALT_KEY)) {
    if (key === USER_SALT_KEY) return readUserSalt(store);
  }
  const salt = make();
  await store.put(USER_SALT_KEY, salt);
  return salt;
}

/** The salt that is there. Throws when there is none: hashes without it could be tried out. */
export async function readUserSalt(store: ObjectStore): Promise<string> {
  const salt = new TextDecoder().decode(await store.get(USER_SALT_KEY));
  if (salt.length >= 16) return salt;
  throw new Error(
    `Expected a salt of at least 16 characters in ${USER_SALT_KEY}, got ${salt.length}. Delete the object, then start or deploy the ledger again; hashes of people change with it.`,
  );
}
