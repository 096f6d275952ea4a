#!/usr/bin/env node
// Becomes dist/runledger.mjs. An older Node may not even load the program: the check comes before it is asked for.
import '../scripts/node-version.mjs';

const [, , command, ...args] = process.argv;
// `exec` stands before a job: it does not wait for the rest of the program.
if (command === 'exec') (await import('../cli/exec.ts')).exec(args);
else if (command === 'spool') process.exitCode = await (await import('../cli/spool.ts')).spool(args);
else await import('../cli/main.ts');
