import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import * as z from 'zod';
import { counted, countShown } from '../../core/format.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
import { type Cell, tableOf } from '../screen/table.ts';
import { whileWaiting } from '../screen/waiting.ts';

interface RebuildCommandOptions extends Target {
  readonly day?: string;
  readonly verify?: true;
  readonly json?: true;
}

/** Adds the command `rebuild`. */
export function addRebuild(program: Command, context: Context): void {
  const command = program
    .command('rebuild')
    .summary('build the tables again from the raw lines')
    .description(
      'Builds the tables again from the raw lines, beside the real ones, compares, and puts them in their place. With --verify nothing is changed; a difference ends with exit code 1.',
    )
    .option('--day <day>', 'only what arrived on that UTC day, YYYY-MM-DD', readDay)
    .option('--verify', 'compare only')
    .option('--json', 'print the report as JSON')
    .action((options: RebuildCommandOptions) => rebuild(context, options));
  example(withTarget(command), 'runledger rebuild --verify', 'runledger rebuild --day 2025-11-21');
}

async function rebuild(context: Context, options: RebuildCommandOptions): Promise<void> {
  const { out, err } = context;
  const verify = options.verify === true;
  const report = await withLedger(context, options, 'read', (ledger) =>
    unlessStopped(
      context,
      whileWaiting(context, verify ? 'comparing' : 'rebuilding', () => ledger.rebuild({ day: options.day, verify })),
      ledger,
    ),
  );
  if (options.json) printJson(context, report);
  else {
    const columns = [
      { head: 'table' },
      { head: 'rows', align: 'right' },
      { head: 'rebuilt', align: 'right' },
      { head: 'identical' },
    ] as const;
    const rows = report.tables.map((each): readonly Cell[] => {
      const isSame = each.checksum === each.rebuilt_checksum && each.rows === each.rebuilt_rows;
      const verdict: Cell = isSame ? { text: 'yes', style: 'green' } : { text: 'no', style: 'red' };
      return [each.table, countShown(each.rows), countShown(each.rebuilt_rows), verdict];
    });
    for (const line of tableOf(columns, rows, { ...out, width: undefined }) ?? []) out.line(line);
    out.line();
    const from = `${counted(report.lines, 'line')} in ${counted(report.objects, 'raw file')}`;
    const what = report.identical
      ? 'nothing differs'
      : report.swapped
        ? 'the rebuilt tables are in place now'
        : 'nothing was changed';
    out.line(`from ${from}; ${what}`);
  }
  for (const { object, why } of report.parked) err.line(plain(`left out ${object}: ${why}`));
  if (!report.identical && !report.swapped) {
    throw new Stop(
      EXIT.failure,
      'the tables are not what the raw lines say; `rebuild` without --verify puts the rebuilt ones in their place',
    );
  }
}

/** Ctrl-C leaves the tables as they are: the rebuilt ones take their place at the very end, at once. */
function unlessStopped<T>({ io, err }: Context, work: Promise<T>, { where, acceptsLater }: OpenedLedger): Promise<T> {
  // On AWS what runs is cancelled first, where the ledger is opened.
  if (acceptsLater) return work;
  const forget = io.onStop(() => {
    err.line(
      /^https?:/.test(where)
        ? `stopped waiting; the ledger at ${where} finishes the rebuild by itself`
        : 'stopped; the tables are as they were, what was built beside them is removed by the next rebuild',
    );
    io.exit(EXIT.stopped);
  });
  return work.finally(forget);
}

function readDay(text: string): string {
  if (z.iso.date().safeParse(text).success) return text;
  throw new InvalidArgumentError('expected a day as YYYY-MM-DD.');
}
