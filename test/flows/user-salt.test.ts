import { expect, test } from 'vitest';
import { ensureUserSalt, readUserSalt } from '../../flows/user-salt.ts';
import { aStore } from '../fakes/object-store.ts';

test('a ledger makes its salt once and keeps it', async () => {
  const store = aStore();

  const first = await ensureUserSalt(store, () => 'the first salt of all');

  expect(await ensureUserSalt(store, () => 'another salt, made later')).toBe(first);
  expect(await readUserSalt(store)).toBe('the first salt of all');
});

test('without a salt nothing is hashed', async () => {
  const store = aStore();
  await expect(readUserSalt(store)).rejects.toThrow('settings/user-salt');
  await store.put('settings/user-salt', 'short');
  await expect(readUserSalt(store)).rejects.toThrow(
    'Expected a salt of at least 16 characters in settings/user-salt, got 5. Delete the object, then start or deploy the ledger again',
  );
});
