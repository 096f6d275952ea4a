import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../adapters/clock.ts';
import { errorMessage } from '../core/error-message.ts';
import { makeRelease, previewRelease } from './release/release.ts';

/** `npm run release -- 0.2.0`: says what would be made; with `--yes` it makes it. */
const USAGE = 'usage: npm run release -- VERSION [--yes] [--out FOLDER]';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { yes: { type: 'boolean', default: false }, out: { type: 'string' } },
  });
  const [version, ...others] = positionals;
  if (version === undefined || others.length > 0) throw new Error(USAGE);
  const out = values.out ?? join('release', version);
  const options = { root: process.cwd(), version, out, date: systemClock.now().slice(0, 10), say };
  if (values.yes) makeRelease(options);
  else {
    previewRelease(options);
    say('nothing was changed; --yes makes it');
  }
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}
