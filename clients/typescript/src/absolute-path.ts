import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** A path as a shell reads it: `~/` is the home of the user. */
export const absolutePath = (path: string): string =>
  path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : resolve(path);
