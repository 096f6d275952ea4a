#!/usr/bin/env node
import { openLedger } from '../local/ledger.ts';
import { startServer } from '../local/server.ts';
import { processIo } from './io.ts';
import { ledgerOpener } from './ledger.ts';
import { run } from './run.ts';
import { runProcess } from './run-process.ts';

// `| head` has seen enough: that is no failure, and a ledger goes on serving without anybody to tell.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
// Node 22 still calls `node:sqlite` an experiment.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => {
  if (name !== 'ExperimentalWarning') process.stderr.write(`${name}: ${message}\n`);
});

const io = processIo();
const onError = (error: unknown): void => {
  const shown = io.env.RUNLEDGER_DEBUG === '1' && error instanceof Error ? error.stack : undefined;
  io.stderr.write(`the ledger: ${shown ?? (error instanceof Error ? error.message : String(error))}\n`);
};
process.exitCode = await run(process.argv.slice(2), io, {
  open: ledgerOpener(io, { openFolder: (options) => openLedger({ ...options, onError }) }),
  startServer: (options) => startServer({ ...options, onError }),
  runProcess,
});
