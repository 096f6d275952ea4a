import type { Command } from 'commander';
import { jsonText } from '../../core/json-text.ts';
import type { ShownRun } from '../../core/run/shown-run.ts';
import { hasEnded } from '../../core/run/work-view.ts';
import { type Context, example, printJson, wholeNumber, withLedger, withPipeline, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { daysOf, findRun, type RunChoice } from '../find-run.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { eventsOf, keyOf, type RunEvent } from '../run-details.ts';
import { eventTable } from '../screen/event-table.ts';

interface EventsOptions extends Target, RunChoice {
  readonly follow?: true;
  readonly step?: string;
  readonly errors?: true;
  readonly interval: number;
  readonly limit: number;
  readonly json?: true;
}

/** Adds the command `events`. */
export function addEvents(program: Command, context: Context): void {
  const command = withPipeline(
    program
      .command('events [run]')
      .summary('list the events of one run')
      .description(
        'Lists the events of one run in the order in which they happened. The run is named as for `show`: its id, the beginning of its id, or its pipeline, which means the last run of that.',
      ),
    'the pipeline, when several have a run of that id',
    'the environment, when several have a run of that id',
  )
    .option('--last', 'the last run, of all or of --pipeline')
    .option('--step <name>', 'only those of this step, or of steps like load_*')
    .option('--errors', 'only errors and failed ends, with cause and stack trace')
    .option('-f, --follow', 'go on with new ones until the run ends, or Ctrl-C')
    .option('--interval <seconds>', 'with --follow: how often to look', wholeNumber(1, 3600), 2)
    .option('-n, --limit <count>', 'how many at most', wholeNumber(1, 100_000), 1000)
    .option('--json', 'print JSON; with --follow one object a line')
    .action((name: string | undefined, options: EventsOptions) => events(context, name, options));
  example(withTarget(command), 'runledger events 4720771f --errors', 'runledger events daily_orders --follow');
}

async function events(context: Context, name: string | undefined, options: EventsOptions): Promise<void> {
  await withLedger(context, options, 'read', async (ledger) => {
    if (options.follow && ledger.acceptsLater) {
      throw new Stop(
        EXIT.usage,
        `--follow would ask Athena again and again; \`${context.io.program} tail\` follows the runs themselves`,
      );
    }
    const { run } = await findRun(context, ledger, name, options);
    if (options.follow) return follow(context, ledger, run, options);
    const found = await eventsOf(context, ledger, { ...askedOf(run, options), limit: String(options.limit + 1) });
    const shown = found.slice(0, options.limit);
    if (options.json) printJson(context, shown);
    else print(context, shown, options, true);
    if (found.length > options.limit) {
      context.err.line(`these are the first ${options.limit}, there are more; --limit shows more`);
    }
    if (found.length === 0 && !options.json) context.err.line(options.errors ? 'no errors' : 'no such events');
  });
}

const askedOf = (run: ShownRun, { step, errors }: EventsOptions) => ({
  ...keyOf(run),
  ...daysOf(run),
  step,
  errors: errors && 'yes',
});

function print({ out }: Context, shown: readonly RunEvent[], { errors }: EventsOptions, head: boolean): void {
  if (shown.length === 0) return;
  for (const line of eventTable(shown, out, { traces: errors === true, head })) out.line(line);
}

const MOST_AT_ONCE = '100000';

/** An event may arrive late, and stand before ones that were printed: what was printed is known by its key. */
async function follow(context: Context, ledger: OpenedLedger, first: ShownRun, options: EventsOptions): Promise<void> {
  const { io, out } = context;
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  const forget = io.onStop(() => (stopped.signal.aborted ? io.exit(EXIT.stopped) : stop()));
  io.stdout.on('error', stop);
  const seen = new Set<string>();
  try {
    for (let run = first; ; ) {
      const asked = { ...askedOf(run, options), until: undefined, limit: MOST_AT_ONCE };
      const found = (await eventsOf(context, ledger, asked)).filter(({ event_key }) => !seen.has(event_key));
      if (options.json) for (const event of found) out.line(jsonText(event));
      else print(context, found, options, seen.size === 0);
      for (const { event_key } of found) seen.add(event_key);
      if (hasEnded(run.status) || stopped.signal.aborted) return;
      await io.pause(options.interval * 1000, stopped.signal);
      const { environment, process_name, run_id } = keyOf(run);
      run = (await ledger.show({ environment, process_name, run_id }))[0]?.run ?? run;
    }
  } finally {
    io.stdout.off('error', stop);
    forget();
  }
}
