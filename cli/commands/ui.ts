import type { Command } from 'commander';
import { type Context, example, wholeNumber, withTarget } from '../context.ts';
import type { Target } from '../opened-ledger.ts';
import { PRICES_FILE } from '../prices-file.ts';
import { pricesFor } from '../prices-for.ts';
import { serverOptionsOf } from '../serve/options.ts';
import { announce, serveUntil, stopSignal } from '../serve/serving.ts';

interface UiOptions extends Target {
  readonly port: number;
  readonly open: boolean;
  readonly prices?: string;
}

/** Adds the command `ui`. */
export function addUi(program: Command, context: Context): void {
  const command = program
    .command('ui')
    .summary('open the page of a ledger')
    .description(
      'Opens the page in a browser. A ledger that is served is shown where it serves; a folder that nobody serves is served until Ctrl-C; with --aws the page is served to you alone, with your own credentials, until Ctrl-C.',
    )
    .option(
      '--port <port>',
      'port to listen on, where nobody serves yet; 0: any free one',
      wholeNumber(0, 65_535),
      4319,
    )
    .option('--no-open', 'print the address, and open no browser')
    .option('--prices <file>', `file of what things cost (default: ${PRICES_FILE} where it is)`)
    .action((options: UiOptions) => ui(context, options));
  example(withTarget(command), 'runledger ui', 'runledger --aws --stack runledger-prod ui');
}

async function ui(context: Context, options: UiOptions): Promise<void> {
  if (context.isAws()) return awsUi(context, options);
  const opened = await context.open(options, 'read');
  await opened.close();
  if (/^https?:/.test(opened.where)) {
    context.out.line(`Runledger serves at ${context.out.paint('bold', opened.where)}`);
    return show(context, options, opened.where);
  }
  const { port, prices } = options;
  const folder = { host: '127.0.0.1', data: opened.where, port, ...(prices !== undefined && { prices }) };
  const wanted = serverOptionsOf(folder, context.io);
  const server = await context.startServer(wanted);
  const stop = stopSignal(context);
  await announce(context, server);
  show(context, options, server.url);
  await serveUntil(stop, server, context);
}

async function awsUi(context: Context, options: UiOptions): Promise<void> {
  const { out, err } = context;
  const served = await context.openPage({ ...options, prices: () => pricesFor(options, context.io) });
  const stop = stopSignal(context);
  out.line(`Runledger shows the ${served.where} at ${out.paint('bold', served.url)}`);
  out.line(`  ${out.paint('dim', 'for you')}  with your credentials; the address signs its reader in`);
  out.line(
    `  ${out.paint('dim', 'costs  ')}  what is now: some reads of the live table; history: Athena, which the page asks at a click`,
  );
  out.line(`  ${out.paint('dim', 'stop   ')}  Ctrl-C`);
  show(context, options, served.url);
  if (!stop.aborted) await new Promise((resolve) => stop.addEventListener('abort', resolve));
  await served.close();
  err.line('stopped');
}

function show({ openBrowser }: Context, { open }: UiOptions, url: string): void {
  if (open) openBrowser(url);
}
