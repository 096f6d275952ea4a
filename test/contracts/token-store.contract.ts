import { describe, expect } from 'vitest';
import type { NamedTokens, TokenStore } from '../../core/ports/named-tokens.ts';
import { type NamedToken, secretOf } from '../../core/token/named-token.ts';
import { contractTests, type Gap } from './gap.ts';

const aToken = (token: Partial<NamedToken> = {}): NamedToken => ({
  name: 'airflow',
  roles: ['write'],
  created_at: '2026-11-30T12:00:00.000Z',
  expires_at: null,
  created_by: 'ada',
  ...token,
});
const secretFor = (name = 'airflow', letter = 'a') => secretOf(name, letter.repeat(43));
const BY = { at: '2026-12-01T12:00:00.000Z', who: 'grace' };

/** What every store of named tokens does. `open` gives an empty one each time. */
export function tokenStoreContract(
  name: string,
  open: () => Promise<NamedTokens & TokenStore>,
  gaps: readonly Gap[] = [],
): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour = (sentence: string, body: (store: NamedTokens & TokenStore) => Promise<void>) =>
    contractTest(sentence, async () => body(await open()));

  describe(`${name} is a store of named tokens`, () => {
    behaviour('a token is found by its secret, as it was created', async (store) => {
      const token = aToken({ roles: ['write', 'read'], expires_at: '2027-01-01T00:00:00.000Z' });
      expect(await store.create(token, secretFor())).toBe(true);
      expect(await store.ofSecret(secretFor())).toEqual(token);
      expect(store.areNeeded()).toBe(true);
    });

    behaviour('what it is limited to is kept, also once it is revoked', async (store) => {
      const token = aToken({ owners: ['team-a', 'team-b'], environments: ['prod'] });
      await store.create(token, secretFor());
      expect(await store.ofSecret(secretFor())).toEqual(token);
      await store.revoke('airflow', BY);
      expect((await store.list()).revoked).toMatchObject([{ owners: ['team-a', 'team-b'], environments: ['prod'] }]);
    });

    behaviour('who created it need not be known', async (store) => {
      const { created_by: _, ...token } = aToken();
      await store.create(token, secretFor());
      expect(await store.list()).toEqual({ tokens: [token], revoked: [], problems: [] });
    });

    behaviour('nothing but its own secret finds it', async (store) => {
      await store.create(aToken(), secretFor());
      await store.create(aToken({ name: 'other' }), secretFor('other', 'b'));
      const wrong = [
        secretFor('airflow', 'b'),
        secretFor('other', 'a'),
        secretFor('nobody'),
        'airflow',
        '',
        'rl_../x_Rl7',
      ];
      for (const each of wrong) expect(await store.ofSecret(each)).toBeUndefined();
    });

    behaviour('they are listed by name', async (store) => {
      for (const each of ['b', 'a-1', 'a']) await store.create(aToken({ name: each }), secretFor(each));
      const { tokens } = await store.list();
      expect(tokens.map((each) => each.name)).toEqual(['a', 'a-1', 'b']);
    });

    behaviour('a name that is taken stays what it was', async (store) => {
      await store.create(aToken(), secretFor());
      expect(await store.create(aToken({ roles: ['operate'] }), secretFor('airflow', 'b'))).toBe(false);
      expect(await store.ofSecret(secretFor('airflow', 'b'))).toBeUndefined();
      expect((await store.ofSecret(secretFor()))?.roles).toEqual(['write']);
    });

    behaviour('of many that create one name at the same time one does', async (store) => {
      const letters = ['a', 'b', 'c', 'd'];
      const created = await Promise.all(letters.map((each) => store.create(aToken(), secretFor('airflow', each))));
      expect(created.filter(Boolean)).toHaveLength(1);
      const found = await Promise.all(letters.map((each) => store.ofSecret(secretFor('airflow', each))));
      expect(found.map((each) => each !== undefined)).toEqual(created);
    });

    behaviour('a revoked token lets nobody in from then on, and who revoked it is listed', async (store) => {
      await store.create(aToken(), secretFor());
      await store.create(aToken({ name: 'other' }), secretFor('other', 'b'));
      expect(await store.revoke('airflow', BY)).toBe(true);
      expect(await store.ofSecret(secretFor())).toBeUndefined();
      expect(await store.ofSecret(secretFor('other', 'b'))).toBeDefined();
      expect(await store.list()).toEqual({
        tokens: [aToken({ name: 'other' })],
        revoked: [{ ...aToken(), revoked_at: BY.at, revoked_by: 'grace' }],
        problems: [],
      });
    });

    behaviour('the name of a revoked token is free again, for another secret', async (store) => {
      await store.create(aToken(), secretFor());
      await store.revoke('airflow', BY);
      expect(await store.create(aToken({ roles: ['read'] }), secretFor('airflow', 'b'))).toBe(true);
      expect(await store.ofSecret(secretFor())).toBeUndefined();
      expect((await store.ofSecret(secretFor('airflow', 'b')))?.roles).toEqual(['read']);
      expect(await store.list()).toMatchObject({ tokens: [{ name: 'airflow' }], revoked: [] });
    });

    behaviour('revoking what is not there, or twice, is said to be nothing', async (store) => {
      expect(await store.revoke('airflow', BY)).toBe(false);
      await store.create(aToken(), secretFor());
      expect(await store.revoke('airflow', BY)).toBe(true);
      expect(await store.revoke('airflow', { ...BY, who: 'somebody else' })).toBe(false);
      expect((await store.list()).revoked).toMatchObject([{ revoked_by: 'grace' }]);
    });

    checkGaps();
  });
}
