import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The bundled program. */
export const LEDGER = join('dist', 'runledger.mjs');

/** Runs a command to its end and returns what it wrote. Throws what it wrote when it failed. */
export function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${error?.message ?? `${stdout}\n${stderr}`}`);
  return stdout;
}

/** Counts checks as a suite does. `end` prints the count and says the exit code. */
export function startChecks() {
  const totals = { passed: 0, failed: 0 };
  return {
    totals,
    check(name, body) {
      try {
        body();
        totals.passed += 1;
        console.log(`ok   ${name}`);
      } catch (error) {
        totals.failed += 1;
        console.log(`FAIL ${name}\n     ${error.message}`);
      }
    },
    end() {
      console.log(`${totals.passed} passed, ${totals.failed} failed`);
      process.exit(totals.failed === 0 ? 0 : 1);
    },
  };
}

/** Makes a virtual environment of Python with these packages. */
export function makeVenv(at, packages, interpreter = 'python3') {
  run(interpreter, ['-m', 'venv', at]);
  if (packages.length > 0) pip(at, ...packages);
}

export const pip = (venv, ...packages) =>
  run(join(venv, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);

/** Serves a ledger of that folder on a free port of loopback, in a process of its own. */
export async function serveLedger(data) {
  const server = spawn(process.execPath, [LEDGER, 'serve', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    createInterface(server.stdout).on('line', (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found) resolve(found[0]);
    });
    server.once('exit', (code) => reject(new Error(`the ledger ended with ${code}`)));
  });
  return {
    url,
    async stop() {
      server.removeAllListeners('exit');
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    },
  };
}
