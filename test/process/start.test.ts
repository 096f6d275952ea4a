import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';

test.skipIf(process.platform === 'win32')('asked to stop, `npm start` ends the ledger cleanly', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-start-'));
  const data = join(folder, 'ledger');
  const npm = spawn('npm', ['start', '--', '--no-example', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  // The ledger holds its end of the pipe until it has ended, whatever becomes of npm.
  const ended = Promise.all([once(npm.stderr, 'close'), once(npm, 'exit')]);
  createInterface(npm.stderr).on('line', (line) => said.push(line));
  for await (const line of createInterface(npm.stdout)) if (line.includes('serves at')) break;
  expect(existsSync(join(data, 'serving.json'))).toBe(true);
  npm.stdout.resume();
  npm.kill('SIGTERM');
  await ended;
  expect(said.join('\n')).toContain('stopped; everything that was acknowledged is in');
  expect(existsSync(join(data, 'serving.json'))).toBe(false);
  rmSync(folder, { recursive: true, force: true });
});
