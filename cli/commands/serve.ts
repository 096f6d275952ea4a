import type { Command } from 'commander';
import { type Context, example } from '../context.ts';
import { type ServeOptions, serverOptionsOf, withServeOptions } from '../serve/options.ts';
import { announce, serveUntil, stopSignal } from '../serve/serving.ts';

/** Adds the command `serve`. */
export function addServe(program: Command, context: Context): void {
  const command = program
    .command('serve')
    .summary('serve a ledger until Ctrl-C')
    .description(
      'Serves the ledger of a folder over HTTP until it is asked to stop; then what is under way is finished first.',
    )
    .action((options: ServeOptions) => serve(context, options));
  example(
    withServeOptions(command),
    'runledger serve',
    'runledger serve --host 0.0.0.0 --token "$TOKEN" --data /var/lib/runledger',
  );
}

async function serve(context: Context, options: ServeOptions): Promise<void> {
  const server = await context.startServer(serverOptionsOf(options, context.io));
  const stop = stopSignal(context);
  await announce(context, server);
  await serveUntil(stop, server, context);
}
