import type { Command } from 'commander';
import { jsonText } from '../../core/json-text.ts';
import type { ShownRun } from '../../core/run/shown-run.ts';
import {
  type Context,
  example,
  type PipelineOptions,
  pipelineOf,
  wholeNumber,
  withLedger,
  withPipeline,
  withTarget,
} from '../context.ts';
import type { Target } from '../opened-ledger.ts';
import { changeLine, followRuns, type RunChange } from '../screen/run-changes.ts';

interface TailOptions extends Target, PipelineOptions {
  readonly interval: number;
  readonly json?: true;
}

/** Adds the command `tail`. */
export function addTail(program: Command, context: Context): void {
  const command = withPipeline(
    program
      .command('tail')
      .summary('follow runs as they change')
      .description(
        'Prints the latest runs, then a line whenever a run starts, changes its status or ends, until Ctrl-C.',
      ),
    'only of this pipeline',
    'only of this environment',
  )
    .option('--interval <seconds>', 'how often to look', wholeNumber(1, 3600), 2)
    .option('--json', 'print one JSON object a line')
    .action((options: TailOptions) => tail(context, options));
  example(withTarget(command), 'runledger tail --pipeline daily_orders');
}

async function tail(context: Context, options: TailOptions): Promise<void> {
  const { io, out } = context;
  const { environment, interval } = options;
  const stopped = new AbortController();
  const forget = io.onStop(() => (stopped.signal.aborted ? io.exit(130) : stopped.abort()));
  const print = options.json
    ? (change: RunChange) => out.line(jsonOf(change))
    : (change: RunChange) => out.line(changeLine(change, out));
  const stop = (): void => stopped.abort();
  io.stdout.on('error', stop);
  try {
    await withLedger(context, options, 'follow', async (ledger) => {
      const changes = followRuns(ledger, { process_name: pipelineOf(options), environment }, () =>
        io.pause(interval * 1000, stopped.signal),
      );
      for await (const seen of changes) {
        for (const change of seen) print(change);
        if (stopped.signal.aborted) break;
      }
    });
  } finally {
    io.stdout.off('error', stop);
    forget();
  }
}

const jsonOf = ({ before, run }: RunChange): string =>
  jsonText({ previous_status: before ?? null, ...(run satisfies ShownRun) });
