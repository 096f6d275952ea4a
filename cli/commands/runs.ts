import type { Command } from 'commander';
import { type Context, example, printJson, wholeNumber, withLedger, withTarget } from '../context.ts';
import type { Target } from '../opened-ledger.ts';
import { runTable } from '../screen/run-table.ts';
import { sayTroubles } from '../screen/troubles.ts';

interface RunsOptions extends Target {
  readonly process?: string;
  readonly environment?: string;
  readonly open?: true;
  readonly limit: number;
  readonly json?: true;
}

/** Adds the command `runs`. */
export function addRuns(program: Command, context: Context): void {
  const command = program
    .command('runs')
    .summary('list runs, the latest first')
    .description('Lists runs as they stand now, the latest start first.')
    .option('-p, --process <name>', 'only of this pipeline')
    .option('-e, --environment <name>', 'only of this environment')
    .option('--open', 'only those under way: not ended, and not lost')
    .option('-n, --limit <count>', 'how many at most', wholeNumber(1, 1000), 20)
    .option('--json', 'print JSON')
    .action((options: RunsOptions) => runs(context, options));
  example(withTarget(command), 'runledger runs --open', 'runledger runs --process daily_orders --limit 100');
}

async function runs(context: Context, options: RunsOptions): Promise<void> {
  const { io, out, err } = context;
  const { process, environment, open, limit } = options;
  const found = await withLedger(context, options, 'read', async (ledger) => {
    const answer = await ledger.runs({ process_name: process, environment, open, alive: open, limit });
    await sayTroubles(ledger, err);
    return answer;
  });
  if (options.json) return printJson(context, found);
  if (found.length === 0) {
    const isFiltered = process !== undefined || environment !== undefined || open === true;
    err.line(isFiltered ? 'no such runs' : `no runs yet; send events with \`${io.program} ingest FILE\``);
    return;
  }
  for (const line of runTable(found, io.clock.now(), out)) out.line(line);
  if (found.length === limit) err.line(err.paint('dim', `the latest ${limit}; --limit shows more`));
}
