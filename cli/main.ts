import { errorMessage } from '../core/error-message.ts';
import { processIo } from './io.ts';
import { ledgersOf } from './ledger.ts';
import { run } from './run.ts';
import { hinted } from './screen/hint.ts';
import { openBrowser } from './serve/open-browser.ts';
import { runProcess } from './serve/run-process.ts';

// `| head` has seen enough: that is no failure, and a ledger goes on serving without a reader.
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
const onNotice = (text: string): void => void io.stderr.write(`the ledger: ${hinted(text, io.program)}\n`);
const onError = (error: unknown): void => {
  const shown = io.env.RUNLEDGER_DEBUG === '1' && error instanceof Error ? error.stack : undefined;
  onNotice(shown ?? errorMessage(error));
};
// What a ledger keeps is for its user alone; engines make their files as the umask says.
process.umask(0o077);
process.exitCode = await run(process.argv.slice(2), io, {
  ...ledgersOf(io, onError, onNotice),
  runProcess,
  openBrowser,
});
