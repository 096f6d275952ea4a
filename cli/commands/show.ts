import type { Command } from 'commander';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { runScreen } from '../screen/run-screen.ts';
import { runTable } from '../screen/run-table.ts';
import { sayTroubles } from '../screen/troubles.ts';

interface ShowOptions extends Target {
  readonly process?: string;
  readonly environment?: string;
  readonly json?: true;
}

/** Adds the command `show`. */
export function addShow(program: Command, context: Context): void {
  const command = program
    .command('show <run>')
    .summary('show one run and its steps')
    .description('Shows one run: its facts, its steps on a line of time, and what went wrong first.')
    .option('-p, --process <name>', 'the pipeline, when several have a run of that id')
    .option('-e, --environment <name>', 'the environment, when several have a run of that id')
    .option('--json', 'print JSON')
    .action((runId: string, options: ShowOptions) => show(context, runId, options));
  example(
    withTarget(command),
    'runledger show run_20251204',
    'runledger show 123 --process daily_orders --environment prod',
  );
}

async function show(context: Context, runId: string, options: ShowOptions): Promise<void> {
  const { io, out, err } = context;
  const { process, environment } = options;
  const found = await withLedger(context, options, 'read', async (ledger) => {
    const answer = await ledger.show({ run_id: runId, process_name: process, environment });
    await sayTroubles(ledger, err);
    return answer;
  });
  const [only] = found;
  if (only === undefined) {
    throw new Stop(EXIT.notFound, `there is no run ${runId}; \`${io.program} runs\` lists those there are`);
  }
  if (found.length > 1) {
    for (const line of runTable(
      found.map(({ run }) => run),
      io.clock.now(),
      err,
    ))
      err.line(line);
    throw new Stop(
      EXIT.failure,
      `${found.length} runs have the id ${runId}; say which with --process and --environment`,
    );
  }
  if (options.json) return printJson(context, only);
  for (const line of runScreen(only, io.clock.now(), out, io.program)) out.line(line);
}
