import type { Command } from 'commander';
import { type Context, example, pipelineOf, printJson, withLedger, withPipeline, withTarget } from '../context.ts';
import { findRun, type RunChoice } from '../find-run.ts';
import type { Target } from '../opened-ledger.ts';
import { detailsOf } from '../run-details.ts';
import { plain } from '../screen/format.ts';
import { runScreen } from '../screen/run-screen.ts';
import { sayTroubles } from '../screen/troubles.ts';

interface ShowOptions extends Target, RunChoice {
  readonly full?: true;
  readonly json?: true;
}

/** Adds the command `show`. */
export function addShow(program: Command, context: Context): void {
  const command = withPipeline(
    program
      .command('show [run]')
      .summary('show one run and its steps')
      .description(
        'Shows one run: its facts, every try of its steps on a line of time, what went wrong first, its checks, what it read and wrote. The run is named by its id, the beginning of its id, or its pipeline, which means the last run of that.',
      ),
    'the pipeline, when several have a run of that id',
    'the environment, when several have a run of that id',
  )
    .option('--last', 'the last run, of all or of --pipeline')
    .option('--full', 'with --aws: ask Athena for tries, checks, datasets and events too')
    .option('--json', 'print JSON')
    .action((name: string | undefined, options: ShowOptions) => show(context, name, options));
  example(
    withTarget(command),
    'runledger show 4720771f',
    'runledger show daily_orders',
    'runledger show 123 --pipeline daily_orders --environment prod',
  );
}

async function show(context: Context, name: string | undefined, options: ShowOptions): Promise<void> {
  const { io, out, err } = context;
  const { found, details } = await withLedger(context, options, 'read', async (ledger) => {
    const found = await findRun(context, ledger, name, options);
    await sayTroubles(ledger, err);
    // On AWS each question costs seconds and is billed.
    const isCheap = ledger.acceptsLater !== true;
    return { found, details: isCheap || options.full ? await detailsOf(context, ledger, found.run) : undefined };
  });
  if (options.json) return printJson(context, { ...found, ...details });
  for (const line of runScreen(found, io.clock.now(), out, { program: io.program, details })) out.line(line);
  if (name !== undefined && name === found.run.process_name && pipelineOf(options) === undefined) {
    err.line(err.paint('dim', plain(`the last run of ${name}`)));
  }
  if (details === undefined) {
    err.line(err.paint('dim', 'with --full: tries, checks, datasets, params and the stack trace, from Athena'));
  }
}
