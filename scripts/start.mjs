import './node-version.mjs';
import { spawn } from 'node:child_process';

const CHECK_MS = 500;

const parent = process.ppid;
await import('./build.mjs');
const ledger = spawn(process.execPath, ['dist/runledger.mjs', 'start', ...process.argv.slice(2)], { stdio: 'inherit' });
// A terminal sends Ctrl-C to the whole group; a supervisor only to this process.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => ledger.kill(signal));
// npm sends a signal on to its shell, which dies of it and sends it no further: this process is then another one's child.
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  ledger.kill('SIGTERM');
}, CHECK_MS);
ledger.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
