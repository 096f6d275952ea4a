import type { Command } from 'commander';
import { instantShown } from '../../core/format.ts';
import type { Decision } from '../../core/recovery/recovery.ts';
import type { ShownRunDetail } from '../../core/run/shown-run.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
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
  const { found, decisions } = await withLedger(context, options, 'read', async (ledger) => {
    const answer = await ledger.show({ run_id: runId, process_name: process, environment });
    await sayTroubles(ledger, err);
    return { found: answer, decisions: await decisionsOn(ledger, answer[0]) };
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
  if (options.json) return printJson(context, { ...only, ...(decisions.length > 0 && { decisions }) });
  for (const line of runScreen(only, io.clock.now(), out, io.program)) out.line(line);
  if (decisions.length > 0) out.line('');
  for (const { at, kind, text } of decisions) out.line(`  ${instantShown(at)}  ${kind.padEnd(11)}  ${plain(text)}`);
}

const MAX_RECOVERIES = 100;

/** What was decided about this run, and about its start. */
async function decisionsOn(
  { recovery }: OpenedLedger,
  shown: ShownRunDetail | undefined,
): Promise<readonly Decision[]> {
  if (recovery === undefined || shown === undefined) return [];
  const { environment, process_name, run_id } = shown.run;
  const filter = { environment: environment ?? '', process_name: process_name ?? '', limit: MAX_RECOVERIES };
  return (await recovery.list(filter)).flatMap(({ decisions }) =>
    decisions.filter((each) => each.run_id === run_id || each.new_run_id === run_id),
  );
}
