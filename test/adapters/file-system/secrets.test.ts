import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSecrets } from '../../../adapters/file-system/secrets.ts';

function aLaptop(env: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder, secrets: openSecrets({ env, folder }) };
}

test('a secret stands in the environment or in a file, as it is at that moment', async () => {
  const { folder, secrets } = aLaptop({ HOOK: 'https://hooks.example.com/a' });
  expect(await secrets.read('env:HOOK')).toBe('https://hooks.example.com/a');
  for (const each of ['first\n', 'second\r\n', ' third ']) {
    writeFileSync(join(folder, 'hook.secret'), each);
    expect(await secrets.read('file:hook.secret')).toBe(each.replace(/[\r\n]+$/, ''));
    expect(await secrets.read(`file:${join(folder, 'hook.secret')}`)).toBe(each.replace(/[\r\n]+$/, ''));
  }
});

test('what is not there is an error that names the reference and says what to do', async () => {
  const { folder, secrets } = aLaptop({ EMPTY: '' });
  writeFileSync(join(folder, 'large'), 'x'.repeat(10_000));
  for (const [reference, message] of [
    ['env:HOOK', 'expected a secret in env:HOOK, but got none; set the environment variable HOOK'],
    ['env:EMPTY', 'expected a secret in env:EMPTY, but got none; set the environment variable EMPTY'],
    ['file:none', 'expected a secret in file:none, but got none; write it to none'],
    ['file:.', 'but got EISDIR'],
    ['file:large', 'expected a secret of at most 8192 characters in file:large, but got 10000'],
    ['ssm:/a', 'expected a secret of this computer, but got ssm:/a; use env:NAME or file:PATH outside AWS'],
  ] as const)
    await expect(secrets.read(reference)).rejects.toThrow(message);
});

test('a text that is no reference is not repeated: it may be the secret itself', async () => {
  const { secrets } = aLaptop();
  for (const each of ['https://hooks.example.com/S3cret', 'env', '', 'vault:S3cret']) {
    const error = await secrets.read(each).catch((caught: Error) => caught);
    expect(String(error)).toContain('expected a reference to a secret');
    expect(String(error)).not.toContain('S3cret');
  }
});
