import { expect, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import { type Act, actKey } from '../../core/audit/act.ts';
import type { TokenStore } from '../../core/ports/named-tokens.ts';
import type { NamedToken } from '../../core/token/named-token.ts';
import { auditedTokens, recordAct } from '../../flows/record-act.ts';
import { aStore } from '../fakes/object-store.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const clock = { now: () => NOW };
const token: NamedToken = {
  name: 'airflow',
  roles: ['write', 'read'],
  created_at: NOW,
  expires_at: null,
  created_by: 'anna',
};

function aTokenStore(): TokenStore & { readonly names: Set<string> } {
  const names = new Set<string>();
  return {
    names,
    list: async () => ({ tokens: [], revoked: [], problems: [] }),
    create: async ({ name }) => !names.has(name) && names.add(name) !== undefined,
    revoke: async (name) => names.delete(name),
  };
}

const linesIn = (store: ReturnType<typeof aStore>): readonly object[] =>
  [...store.objects.values()].map((text) => JSON.parse(String(text)));

test('an act is one object under the day it was done, however often it is written', async () => {
  const store = aStore();
  const act: Act = { kind: 'silence', acted_at: NOW, who: 'an\0na\ud800', target: 'orders_*', why: 'moving' };
  for (let times = 0; times < 2; times++) await recordAct({ store, hash: contentHash }, act);
  expect([...store.objects.keys()]).toEqual([actKey(act, contentHash)]);
  expect(actKey(act, contentHash)).toMatch(/^acts\/dt=2025-11-03\/20251103120000000-silence-[0-9a-f]{16}\.ndjson$/);
  expect(linesIn(store)).toEqual([{ ...act, who: 'an\uFFFDna\uFFFD' }]);
});

test('of two acts at one moment none hides the other', () => {
  const act: Act = { kind: 'silence', acted_at: NOW, who: 'anna', target: 'a' };
  expect(actKey(act, contentHash)).not.toBe(actKey({ ...act, target: 'b' }, contentHash));
});

test('who makes and who ends a token is written down, and its secret is not', async () => {
  const store = aStore();
  const tokens = auditedTokens(aTokenStore(), { store, hash: contentHash, clock });
  expect(await tokens.create(token, 'the secret')).toBe(true);
  expect(await tokens.create(token, 'the secret'), 'the name is taken').toBe(false);
  expect(await tokens.revoke('airflow', { at: NOW, who: 'ben' })).toBe(true);
  expect(await tokens.revoke('airflow', { at: NOW, who: 'ben' }), 'there is none').toBe(false);
  expect(linesIn(store)).toEqual([
    {
      kind: 'create_token',
      acted_at: NOW,
      who: 'anna',
      target: 'airflow',
      detail: 'write, read, until it is revoked',
    },
    { kind: 'revoke_token', acted_at: NOW, who: 'ben', target: 'airflow' },
  ]);
  expect([...store.objects.values()].join()).not.toContain('the secret');
});

test('a token that cannot be written down is there no more; one that is to end ends all the same', async () => {
  const kept = aTokenStore();
  const put = () => Promise.reject(new Error('the disk is full'));
  const tokens = auditedTokens(kept, { store: { put }, hash: contentHash, clock });
  await expect(tokens.create(token, 'secret')).rejects.toThrow('the disk is full');
  expect(kept.names.size).toBe(0);
  kept.names.add('airflow');
  await expect(tokens.revoke('airflow', { at: NOW, who: 'ben' })).rejects.toThrow('the disk is full');
  expect(kept.names.size).toBe(0);
});
