import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

/** The suite builds first. */
const FOLDER = join('dist', 'dashboard');
const assets = readdirSync(join(FOLDER, 'assets'));

test('all that the page loads is at most 200 KB, gzipped', () => {
  const files = [join(FOLDER, 'index.html'), ...assets.map((name) => join(FOLDER, 'assets', name))];
  const bytes = files.map((file) => gzipSync(readFileSync(file)).length).reduce((a, b) => a + b);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThanOrEqual(200_000);
});

test('every file bears a hash of its content, and the document loads its own alone and runs nothing inline', () => {
  for (const name of assets) expect(name).toMatch(/^[a-z]+-[0-9A-Z]{8}\.(css|js|svg)$/);
  const html = readFileSync(join(FOLDER, 'index.html'), 'utf8');
  const loaded = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address = '']) => address);
  expect(loaded.map((address) => address.replace('/assets/', '')).filter((name) => !assets.includes(name))).toEqual([]);
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=/);
});

test('nothing in the page writes markup from text', () => {
  const script = readFileSync(join(FOLDER, 'assets', assets.find((name) => name.endsWith('.js')) ?? ''), 'utf8');
  expect(script).not.toMatch(/\beval\(|new Function\(|document\.write|insertAdjacentHTML/);
});
