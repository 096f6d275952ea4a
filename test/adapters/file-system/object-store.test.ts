import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openObjectStore } from '../../../adapters/file-system/object-store.ts';
import { objectStoreContract } from '../../contracts/object-store.contract.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runledger-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

objectStoreContract('A folder', async () => openObjectStore(root));

const keysIn = async (prefix: string) => {
  const keys: string[] = [];
  for await (const { key } of openObjectStore(root).list(prefix)) keys.push(key);
  return keys;
};

test('segments still being written and half-written files are not listed', async () => {
  mkdirSync(join(root, 'raw'));
  for (const name of ['.tmp-1', 'a.ndjson.open', 'b.ndjson']) writeFileSync(join(root, 'raw', name), '');
  expect(await keysIn('')).toEqual(['raw/b.ndjson']);
});

test('a folder that does not exist yet holds nothing, and is made by the first object', async () => {
  const store = openObjectStore(join(root, 'new', 'root'));
  for await (const { key } of store.list('raw/')) expect.unreachable(key);
  await store.put('a', '1');
  expect(await keysIn('')).toEqual(['new/root/a']);
});

test.each([
  '../outside',
  'a/../../outside',
  '/etc/passwd',
  'a//b',
  'a/',
  '',
  'a/./b',
  'a\\..\\b',
  'a\0b',
  '.tmp-1',
  'a.open',
])('refuses the key %j', async (key) => {
  const store = openObjectStore(root);
  const refusal = `Expected a key such as "raw/dt=2025-11-03/hh=12/a.ndjson"`;
  await expect(store.put(key, '')).rejects.toThrow(refusal);
  await expect(store.get(key)).rejects.toThrow(`got ${JSON.stringify(key)}`);
  expect(readdirSync(root)).toEqual([]);
});

test('refuses a prefix that leads outside', () => {
  const store = openObjectStore(root);
  expect(() => store.list('../')).toThrow('Expected a key such as');
  expect(() => store.list('/')).toThrow('Expected a key such as');
});

test('a put that fails says where and what to do, and leaves nothing behind', async () => {
  const store = openObjectStore(root);
  await store.put('a', 'an object');
  await expect(store.put('a/b', '')).rejects.toThrow(`Expected to write a/b to ${root}, got: EEXIST`);
  mkdirSync(join(root, 'c'));
  await expect(store.put('c', '')).rejects.toThrow(
    'Check that the folder can be written and has room, then try again.',
  );
  expect(readdirSync(root).sort()).toEqual(['a', 'c']);
});
