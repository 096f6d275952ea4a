import type { Command } from 'commander';
import { counted, instantShown } from '../../core/format.ts';
import {
  type Context,
  example,
  type PipelineOptions,
  pipelineOf,
  printJson,
  wholeNumber,
  withLedger,
  withPipeline,
  withTarget,
} from '../context.ts';
import type { Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
import { tableOf } from '../screen/table.ts';

interface RecoveriesOptions extends Target, PipelineOptions {
  readonly slot?: string;
  readonly limit: number;
  readonly json?: true;
}

/** Adds the command `recoveries`. */
export function addRecoveries(program: Command, context: Context): void {
  const command = withPipeline(
    program
      .command('recoveries')
      .summary('list what was decided about failed runs, and why')
      .description(
        'Lists what the ledger decided about failed runs, each decision with its reason, and what people asked to run again. The latest slot first.',
      ),
    'only those of one pipeline',
    'only those of one environment',
  )
    .option('--slot <slot>', 'only those of one slot')
    .option('-n, --limit <count>', 'how many slots at most', wholeNumber(1, 1000), 20)
    .option('--json', 'print JSON')
    .action((options: RecoveriesOptions) => listAll(context, options));
  example(withTarget(command), 'runledger recoveries --pipeline orders_daily');

  const restore = command
    .command('restore')
    .summary('build a lost store of decisions again')
    .description(
      'Builds the store of decisions again from their log. A start that was planned is left to people: it may have been carried out. A ledger of a folder does so by itself when the store is missing. Repeating it changes nothing.',
    )
    .option('--json', 'print JSON')
    .action((options: Target & { json?: true }) => restoreAll(context, options));
  example(withTarget(restore), 'runledger --aws recoveries restore');
}

async function restoreAll(context: Context, { json, ...target }: Target & { json?: true }): Promise<void> {
  const recoveries = await withLedger(context, target, 'write', (ledger) => ledger.recovery.restore());
  if (json) return printJson(context, { recoveries });
  context.out.line(`the decisions about ${counted(recoveries, 'slot')} are in the log, and in the store`);
}

async function listAll(context: Context, options: RecoveriesOptions): Promise<void> {
  const { environment, slot, limit, json } = options;
  const found = await withLedger(context, options, 'read', (ledger) =>
    ledger.recovery.list({ process_name: pipelineOf(options), environment, slot, limit }),
  );
  const { out, err } = context;
  if (json) return printJson(context, found);
  if (found.length === 0) return err.line('nothing was decided; docs/recovery.md says how to allow a restart');
  const columns = [
    { head: 'decided (UTC)', keep: true },
    { head: 'pipeline' },
    { head: 'run' },
    { head: 'decision', keep: true },
    { head: 'reason', keep: true },
    { head: 'why' },
  ];
  const rows = found.flatMap(({ process_name, decisions }) =>
    decisions.map(({ at, run_id, kind, reason, text }) => [
      instantShown(at),
      plain(process_name),
      plain(run_id),
      kind,
      reason,
      plain(text),
    ]),
  );
  for (const line of tableOf(columns, rows, out) ?? []) out.line(line);
}
