import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openTokenFiles } from '../../../adapters/file-system/token-files.ts';
import { tokenSecrets } from '../../../adapters/token-secrets.ts';
import { type NamedToken, secretOf } from '../../../core/token/named-token.ts';
import { tokenStoreContract } from '../../contracts/token-store.contract.ts';

/** After every file that a test writes, so that the folder counts as settled. */
const MUCH_LATER = '2090-01-01T00:00:00.000Z';

function aFolder(now = MUCH_LATER) {
  const dir = mkdtempSync(join(tmpdir(), 'runledger-tokens-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const errors: string[] = [];
  const open = () =>
    openTokenFiles({
      dir,
      clock: { now: () => now },
      secrets: tokenSecrets,
      onError: (error) => errors.push(String(error)),
    });
  return { dir, errors, open, folder: join(dir, 'settings', 'tokens') };
}

const aToken = (token: Partial<NamedToken> = {}): NamedToken => ({
  name: 'airflow',
  roles: ['write'],
  created_at: '2026-11-30T12:00:00.000Z',
  expires_at: null,
  ...token,
});
const BY = { at: '2026-12-01T12:00:00.000Z', who: 'ada' };
const secretFor = (name = 'airflow', letter = 'a') => secretOf(name, letter.repeat(43));

tokenStoreContract('A folder', async () => aFolder().open());

test('the secret is nowhere in the folder, and the files are for their user alone', async () => {
  const { open, folder } = aFolder();
  await open().create(aToken(), secretFor());
  expect(readdirSync(folder)).toEqual(['airflow.json']);
  expect(readFileSync(join(folder, 'airflow.json'), 'utf8')).not.toContain('a'.repeat(43));
  if (process.platform === 'win32') return;
  expect(statSync(join(folder, 'airflow.json')).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('the same secret is kept differently each time: its hash is salted', async () => {
  const kept = await Promise.all(
    [aFolder(), aFolder()].map(async ({ open, folder }) => {
      await open().create(aToken(), secretFor());
      return JSON.parse(readFileSync(join(folder, 'airflow.json'), 'utf8')).sha256 as string;
    }),
  );
  expect(kept[0]).not.toBe(kept[1]);
});

test.each([
  ['a folder that had settled', MUCH_LATER],
  ['a folder that was changed a moment before', '2000-01-01T00:00:00.000Z'],
])('what another process creates and revokes is seen by the next call, in %s', async (_, now) => {
  const { open } = aFolder(now);
  const server = open();
  const person = open();
  expect(await server.ofSecret(secretFor())).toBeUndefined();
  await person.create(aToken(), secretFor());
  expect((await server.ofSecret(secretFor()))?.name).toBe('airflow');
  await person.create(aToken({ name: 'other' }), secretFor('other', 'b'));
  expect((await server.ofSecret(secretFor('other', 'b')))?.name).toBe('other');
  expect(await person.revoke('airflow', BY)).toBe(true);
  expect(await server.ofSecret(secretFor())).toBeUndefined();
  expect((await server.ofSecret(secretFor('other', 'b')))?.name).toBe('other');
});

test('a change within the same tick of the file system is seen', async () => {
  const { open, folder } = aFolder('2026-11-30T12:00:00.000Z');
  const server = open();
  const tick = new Date('2026-11-30T11:59:59.000Z');
  const person = open();
  await person.create(aToken(), secretFor());
  utimesSync(folder, tick, tick);
  expect((await server.ofSecret(secretFor()))?.name).toBe('airflow');
  await person.revoke('airflow', BY);
  utimesSync(folder, tick, tick);
  expect(await server.ofSecret(secretFor())).toBeUndefined();
});

test('tokens are needed from the first one on, also when the last is revoked or the folder is gone', async () => {
  const { open, folder } = aFolder();
  const server = open();
  expect(server.areNeeded()).toBe(false);
  await open().create(aToken(), secretFor());
  expect(server.areNeeded()).toBe(true);
  await open().revoke('airflow', BY);
  expect([server.areNeeded(), open().areNeeded()]).toEqual([true, true]);
  rmSync(folder, { recursive: true });
  expect([server.areNeeded(), await server.ofSecret(secretFor()), open().areNeeded()]).toEqual([
    true,
    undefined,
    false,
  ]);
});

test.each([
  ['no JSON', () => '{'],
  ['a limit that only a newer version knows', (text: string) => text.replace('{', '{"pipelines":["orders"],')],
  ['another name', (text: string) => text.replace('"airflow"', '"other"')],
  ['an unknown role', (text: string) => text.replace('"write"', '"admin"')],
])('a file with %s lets nobody in, is told once, and leaves the others alone', async (_, damage) => {
  const { open, folder, errors } = aFolder();
  await open().create(aToken(), secretFor());
  await open().create(aToken({ name: 'fine' }), secretFor('fine', 'b'));
  const file = join(folder, 'airflow.json');
  writeFileSync(file, damage(readFileSync(file, 'utf8')));
  const server = open();
  for (let call = 0; call < 3; call++) {
    expect(await server.ofSecret(secretFor())).toBeUndefined();
    expect((await server.ofSecret(secretFor('fine', 'b')))?.name).toBe('fine');
  }
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(`expected the token airflow in ${file}, but got`);
  expect(errors[0]).toContain('it lets nobody in, so revoke it and create it again');
  expect(await open().list()).toMatchObject({ tokens: [{ name: 'fine' }], problems: [expect.stringContaining(file)] });
  expect(await open().revoke('airflow', BY)).toBe(true);
});

test('what another program leaves in the folder is no token', async () => {
  const { open, folder, errors } = aFolder();
  await open().create(aToken(), secretFor());
  for (const name of ['.tmp-1', 'README', 'Upper.json']) appendFileSync(join(folder, name), 'x');
  expect((await open().list()).tokens).toHaveLength(1);
  expect((await open().ofSecret(secretFor()))?.name).toBe('airflow');
  expect(errors).toEqual([]);
});

test('while the folder cannot be read, what was read last still holds', async () => {
  const { open, folder, errors } = aFolder();
  const server = open();
  await server.create(aToken(), secretFor());
  expect((await server.ofSecret(secretFor()))?.name).toBe('airflow');
  // Not even root reads a file as a folder.
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  expect((await server.ofSecret(secretFor()))?.name).toBe('airflow');
  expect(await server.ofSecret(secretFor('airflow', 'b'))).toBeUndefined();
  expect(errors).toEqual([expect.stringContaining('cannot read the named tokens, so those read last still hold')]);
});

test('while one file cannot be read, its token still holds, and what is revoked beside it does not', async () => {
  const { open, folder, errors } = aFolder();
  const server = open();
  await server.create(aToken(), secretFor());
  await server.create(aToken({ name: 'other' }), secretFor('other', 'b'));
  expect((await server.ofSecret(secretFor()))?.name).toBe('airflow');
  // Not even root reads a folder as a file.
  rmSync(join(folder, 'airflow.json'));
  mkdirSync(join(folder, 'airflow.json'));
  await open().revoke('other', BY);
  expect((await server.ofSecret(secretFor()))?.name).toBe('airflow');
  expect(await server.ofSecret(secretFor('other', 'b'))).toBeUndefined();
  expect(errors).toEqual([expect.stringContaining(`cannot read ${join(folder, 'airflow.json')}`)]);
  expect(await open().ofSecret(secretFor())).toBeUndefined();
});

test('what is kept of a token that was revoked has no part of its secret, and is no token', async () => {
  const { open, folder } = aFolder();
  await open().create(aToken(), secretFor());
  const { sha256 } = JSON.parse(readFileSync(join(folder, 'airflow.json'), 'utf8'));
  await open().revoke('airflow', BY);
  expect(readdirSync(folder)).toEqual(['airflow.revoked.json']);
  expect(readFileSync(join(folder, 'airflow.revoked.json'), 'utf8')).not.toContain(sha256);
  writeFileSync(join(folder, 'airflow.revoked.json'), 'torn');
  expect(await open().list()).toEqual({ tokens: [], revoked: [], problems: [] });
  expect(await open().create(aToken(), secretFor())).toBe(true);
});
