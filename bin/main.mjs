#!/usr/bin/env node
// Becomes dist/runledger.mjs. An older Node may not even load the program: the check comes before it is asked for.
import '../scripts/node-version.mjs';

// `exec` stands before a job: it does not wait for the rest of the program.
if (process.argv[2] === 'exec') (await import('../cli/exec.ts')).exec(process.argv.slice(3));
else await import('../cli/main.ts');
