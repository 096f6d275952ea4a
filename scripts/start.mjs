import './node-version.mjs';
import { spawn } from 'node:child_process';

await import('./build.mjs');
const ledger = spawn(process.execPath, ['dist/runledger.mjs', 'start', ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal sends Ctrl-C to the whole group; a supervisor only to this process.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => ledger.kill(signal));
ledger.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
