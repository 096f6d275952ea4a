import { awsPlaceOf } from './aws-place.ts';
import { examineLocal } from './doctor/examine-local.ts';
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
// Loaded when they are meant: an engine, or the clients of AWS, take longer to load than most commands to run.
const open = ledgerOpener(io, {
  openFolder: async (options) => (await import('../local/ledger.ts')).openLedger({ ...options, onError }),
  openStack: async (place, purpose) => (await import('./aws/ledger.ts')).openAwsLedger(place, purpose, io),
});
process.exitCode = await run(process.argv.slice(2), io, {
  open,
  examine: async (place) => {
    const aws = awsPlaceOf(place);
    return aws === undefined ? examineLocal(open, place, io) : (await import('./aws/examine.ts')).examineStack(aws, io);
  },
  startServer: async (options) => (await import('../local/server.ts')).startServer({ ...options, onError }),
  runProcess,
});
