#!/usr/bin/env node
// Becomes dist/runledger.mjs. An older Node may not even load the program: the check comes before it is asked for.
import '../scripts/node-version.mjs';

await import('../cli/main.ts');
