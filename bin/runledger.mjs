#!/usr/bin/env node
import { existsSync } from 'node:fs';

/** The command `runledger`. A package brings the built program; a fresh clone builds it the first time it is asked. */
const program = new URL('../dist/runledger.mjs', import.meta.url);
if (!existsSync(program)) {
  await import('../scripts/node-version.mjs');
  process.stderr.write('runledger: building once, before the first use of this clone\n');
  try {
    await import('../scripts/build.mjs');
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write(
      'runledger: expected the packages to build with, found none; run `npm ci` in the clone first\n',
    );
    process.exit(1);
  }
}
await import(program);
