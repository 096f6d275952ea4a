import type { Command } from 'commander';
import type { ExpectedSlot } from '../../core/alert/expected-slot.ts';
import { dateOf, epochMsOf, instantOf } from '../../core/instant.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
import { tableOf } from '../screen/table.ts';

interface Options extends Target {
  readonly day?: string;
  readonly json?: true;
}

const TONES = { good: 'green', running: 'cyan', waiting: 'dim', failed: 'red', missed: 'red' } as const;

/** Adds the command `expected`. */
export function addExpected(program: Command, context: Context): void {
  const expected = program
    .command('expected')
    .summary('show what should have run on a day, beside what did')
    .description('Shows every slot of a UTC day, past or coming, beside what came of it.')
    .option('--day <date>', 'which day (default: today)')
    .option('--json', 'print JSON')
    .action((options: Options) => show(context, options));
  example(withTarget(expected), 'runledger expected', 'runledger expected --day 2026-11-29');
}

async function show(
  context: Context,
  { day = dateOf(context.io.clock.now()), json, ...target }: Options,
): Promise<void> {
  const from = `${day}T00:00:00.000Z`;
  if (Number.isNaN(epochMsOf(from)) || !/^\d{4}-\d{2}-\d{2}$/.test(day))
    throw new Stop(EXIT.usage, `expected --day as a date such as 2026-11-29, but got ${day}`);
  const slots = await withLedger(context, target, 'read', (ledger) =>
    ledger.alerts.expected(from, instantOf(epochMsOf(from) + 86_400_000)),
  );
  if (json) return printJson(context, slots);
  const { out, err } = context;
  if (slots.length === 0) return err.line(`nothing is expected on ${day}; pipelines.yaml says what is`);
  const columns = [
    { head: 'slot', keep: true },
    { head: 'state', keep: true },
    { head: 'pipeline' },
    { head: 'why' },
    { head: 'runs' },
  ];
  const rows = slots.map((each) => [
    shownSlot(each),
    out.paint(TONES[each.state], each.state),
    plain(each.process_name),
    each.reasons.join(' '),
    each.run_ids.map(plain).join(' '),
  ]);
  for (const line of tableOf(columns, rows, out) ?? []) out.line(line);
}

const shownSlot = ({ local_time, timezone }: ExpectedSlot): string => `${local_time} ${timezone}`;
