import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { markupText } from '../../core/markup.ts';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

/**
 * Opens an address in the browser of this machine's user, where there is one. The address may hold a token, and command
 * lines are seen by every user of a machine: so what is named there is a file of this user's own, which leads to it.
 */
export function openBrowser(url: string): void {
  const file = join(mkdtempSync(join(tmpdir(), 'runledger-ui-')), 'open.html');
  const link = markupText(url);
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${link}"><a href="${link}">Runledger</a>\n`;
  writeFileSync(file, page, { mode: 0o600 });
  const [program, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, pathToFileURL(file).href], { stdio: 'ignore', detached: true });
  // Without a browser the address on the screen is what there is.
  child.on('error', () => undefined);
  child.unref();
}
