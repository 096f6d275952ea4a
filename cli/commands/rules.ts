import { type Command, InvalidArgumentError } from 'commander';
import { pagesOf, type ReplayedNotice } from '../../core/alert/replayed-notice.ts';
import { counted } from '../../core/format.ts';
import { epochMsOf, instantOf } from '../../core/instant.ts';
import { durationMs } from '../../core/pipelines/duration.ts';
import { NOTHING_EXPECTED } from '../../core/pipelines/expectations.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import type { Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
import { type TableColumn, tableOf } from '../screen/table.ts';
import { expectationsOfFile } from './pipelines.ts';

interface TestOptions extends Target {
  readonly since: number;
  readonly file?: string;
  readonly json?: true;
}

/** Adds the command `rules`. */
export function addRules(program: Command, context: Context): void {
  const rules = program
    .command('rules')
    .summary('say how often a file would have paged')
    .description('What the rules would have said of the past.');
  const test = rules
    .command('test')
    .summary('replay kept events through the rules')
    .description(
      'Replays the kept events through the rules, on a clock that stands where they do, and says how often the file would have paged and on which runs. With --file, that file beside the one that holds. Sends nothing, and changes nothing.',
    )
    .option('--since <duration>', 'how far back, such as 90d', duration, durationMs('90d'))
    .option('--file <file>', 'another file, to see what it would change')
    .option('--json', 'print JSON')
    .action((options: TestOptions) => testRules(context, options));
  example(withTarget(test), 'runledger rules test --since 90d --file pipelines.yaml');
}

function duration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined || ms < 3_600_000)
    throw new InvalidArgumentError('expected a duration such as 12h, 30d or 90d.');
  return ms;
}

async function testRules(context: Context, { since: sinceMs, file, json, ...target }: TestOptions): Promise<void> {
  const another = file === undefined ? undefined : await expectationsOfFile(context, file);
  const until = context.io.clock.now();
  const since = instantOf(epochMsOf(until) - sinceMs);
  const { events, notices } = await withLedger(context, target, 'read', async (ledger) => {
    const holding = (await ledger.alerts.pipelines())?.expectations ?? NOTHING_EXPECTED;
    const files = another === undefined ? [holding] : [holding, another];
    return context.replay({ ask: (sql) => ledger.query(sql), files, since, until });
  });
  const [current = [], proposed] = notices;
  const now = pagesOf(current);
  const then = proposed && pagesOf(proposed);
  const change = then && { more: without(then, now), fewer: without(now, then) };
  if (json)
    return printJson(context, { since, until, events, current: now, ...(then && { file, proposed: then, ...change }) });
  const { out } = context;
  out.line(`${counted(events, 'event')} since ${since.slice(0, 10)}`);
  out.line(`the file that holds: ${saidOf(now)}`);
  if (then === undefined || change === undefined) return printPages(context, '', now);
  out.line(`${plain(file ?? '')}: ${saidOf(then)}, ${change.more.length} more and ${change.fewer.length} fewer`);
  printPages(context, '+', change.more);
  printPages(context, '-', change.fewer);
}

const keyOf = ({ environment, process_name, slot, reasons }: ReplayedNotice): string =>
  JSON.stringify([environment, process_name, slot, reasons]);

function without(all: readonly ReplayedNotice[], others: readonly ReplayedNotice[]): readonly ReplayedNotice[] {
  const known = new Set(others.map(keyOf));
  return all.filter((each) => !known.has(keyOf(each)));
}

function saidOf(pages: readonly ReplayedNotice[]): string {
  const pipelines = new Set(pages.map(({ environment, process_name }) => JSON.stringify([environment, process_name])));
  const bySeverity = Map.groupBy(pages, ({ severity }) => severity);
  const counts = [...bySeverity]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([severity, own]) => `${own.length} ${severity}`);
  return `${counted(pages.length, 'page')}${counts.length === 0 ? '' : ` (${counts.join(', ')})`} of ${counted(pipelines.size, 'pipeline')}`;
}

function printPages({ out }: Context, sign: string, pages: readonly ReplayedNotice[]): void {
  if (pages.length === 0) return;
  const rows = pages.map(({ at, severity, process_name, slot, reasons, run_ids }) => [
    sign,
    at.slice(0, 16).replace('T', ' '),
    severity,
    plain(process_name),
    plain(slot),
    reasons.join(', '),
    plain(run_ids.at(-1) ?? ''),
  ]);
  for (const line of tableOf(COLUMNS, rows, out) ?? []) out.line(line);
}

const COLUMNS: readonly TableColumn[] = [
  { head: '' },
  { head: 'at' },
  { head: 'severity', optional: 1 },
  { head: 'pipeline', keep: true },
  { head: 'slot' },
  { head: 'reasons' },
  { head: 'run', optional: 2 },
];
