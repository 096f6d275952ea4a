import { type Command, InvalidArgumentError, Option } from 'commander';
import { counted, instantShown } from '../../core/format.ts';
import { type Context, example, printJson, wholeNumber, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { keysBeginning, listRejections, REJECTION_KINDS, rejectionsOf } from '../ingest/rejected-lines.ts';
import { resend } from '../ingest/resend.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
import { type TableColumn, tableOf } from '../screen/table.ts';
import { wrap } from '../screen/wrap.ts';

interface ListOptions extends Target {
  readonly kind?: string;
  readonly limit: number;
  readonly json?: true;
}

interface ResendOptions extends Target {
  readonly all?: true;
  readonly kind?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly json?: true;
}

/** Enough of a key to tell a few thousand apart; any beginning that only one has will do. */
const SHORT_KEY = 12;

/** Adds the command `rejections`. */
export function addRejections(program: Command, context: Context): void {
  const rejections = program
    .command('rejections')
    .summary('list, show and resend lines that could not be accepted')
    .description('Lines that could not be accepted: what they were, why, and another try.');
  const kind = () => new Option('--kind <kind>', 'only of this kind').choices(REJECTION_KINDS);

  const list = rejections
    .command('list', { isDefault: true })
    .summary('list them, the latest first')
    .description('Lists rejected lines, the latest first, each once.')
    .addOption(kind())
    .option('-n, --limit <count>', 'how many at most', wholeNumber(1, 10_000), 20)
    .option('--json', 'print JSON')
    .action((options: ListOptions) => listAll(context, options));
  example(withTarget(list), 'runledger rejections list --kind not_json');

  const show = rejections
    .command('show <key>')
    .summary('show one, with its line')
    .description('Shows one rejected line, masked. The beginning of its key is enough.')
    .option('--json', 'print JSON')
    .action((key: string, options: ListOptions) => showOne(context, key, options));
  example(withTarget(show), 'runledger rejections show 3f9a1c');

  const again = rejections
    .command('resend [key...]')
    .summary('send them again')
    .description(
      'Sends rejected lines again, after setting fields of those that are JSON objects. A line that is accepted stays in the list; sending it twice does not count it twice.',
    )
    .option('--all', 'every one')
    .addOption(kind())
    .option('--set <name=value>', 'set a field; may be given several times', readSetting)
    .option('--json', 'print the counts as JSON')
    .action((keys: readonly string[], options: ResendOptions) => resendThese(context, keys, options));
  example(
    withTarget(again),
    'runledger rejections resend 3f9a1c --set process_name=daily_orders',
    'runledger rejections resend --all --kind missing_identity --set run_id=unknown',
  );
}

async function listAll(context: Context, options: ListOptions): Promise<void> {
  const { out, err, io } = context;
  const kinds = options.kind === undefined ? REJECTION_KINDS : [options.kind];
  const found = await withLedger(context, options, 'read', (ledger) => listRejections(ledger, kinds, options.limit));
  if (options.json) return printJson(context, found);
  if (found.length === 0) return err.line('no rejected lines');
  const columns: readonly TableColumn[] = [
    { head: 'key', keep: true },
    { head: 'received (UTC)', keep: true },
    { head: 'kind', keep: true },
    { head: 'line' },
  ];
  const rows = found.map((each) => [
    each.rejection_key.slice(0, SHORT_KEY),
    instantShown(each.received_at),
    each.kind,
    each.payload.slice(0, 200),
  ]);
  for (const line of tableOf(columns, rows, out) ?? []) out.line(line);
  const more = found.length === options.limit ? `the latest ${options.limit}; --limit shows more; ` : '';
  err.line(err.paint('dim', `${more}why, and the whole line: ${io.program} rejections show KEY`));
}

async function showOne(context: Context, start: string, options: ListOptions): Promise<void> {
  const { out, io } = context;
  const [found] = await withLedger(context, options, 'read', async (ledger) =>
    rejectionsOf(ledger, [await wholeKey(ledger, start)]),
  );
  if (found === undefined) throw notFound(start);
  if (options.json) return printJson(context, found);
  out.line(
    `${out.paint('red', plain(found.kind))}  ${found.rejection_key}  received ${instantShown(found.received_at)} UTC`,
  );
  out.line();
  for (const line of wrap(plain(found.explanation), out.width)) out.line(line);
  out.line();
  out.line(plain(found.payload));
  out.line();
  out.line(
    `${out.paint('dim', 'next')}  ${io.program} rejections resend ${found.rejection_key.slice(0, SHORT_KEY)} --set name=value`,
  );
}

async function resendThese(context: Context, starts: readonly string[], options: ResendOptions): Promise<void> {
  const { io, out, err } = context;
  if (starts.length > 0 === (options.all === true)) {
    throw new Stop(
      EXIT.usage,
      `expected keys or --all, but got ${options.all ? 'both' : 'neither'}; \`${io.program} rejections\` lists the keys`,
    );
  }
  let acceptsLater = false;
  const counts = await withLedger(context, options, 'read', async (ledger) => {
    acceptsLater = ledger.acceptsLater === true;
    const keys = options.all ? undefined : await Promise.all(starts.map((start) => wholeKey(ledger, start)));
    const kinds = options.kind === undefined ? REJECTION_KINDS : [options.kind];
    return resend(ledger, { keys, kinds, set: options.set ?? {} }, io.pause);
  });
  if (options.json) return printJson(context, acceptsLater ? { sent: counts.received } : counts);
  if (counts.received === 0) return err.line('no rejected lines to send');
  const what = acceptsLater
    ? '; they are accepted on their way'
    : `: ${counts.accepted} accepted, ${counts.rejected} still rejected`;
  out.line(`${counted(counts.received, 'line')} sent again${what}`);
}

async function wholeKey(ledger: OpenedLedger, start: string): Promise<string> {
  if (!/^[0-9a-f]{4,32}$/i.test(start)) {
    throw new Stop(EXIT.usage, `expected a key or its beginning, 4 to 32 of the digits 0-9 and a-f, but got ${start}`);
  }
  const [first, second] = await keysBeginning(ledger, start);
  if (first === undefined) throw notFound(start);
  if (second !== undefined) throw new Stop(EXIT.usage, `several keys begin with ${start}; give more of it`);
  return first;
}

const notFound = (start: string): Stop =>
  new Stop(EXIT.notFound, `there is no rejected line whose key begins with ${start}`);

function readSetting(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('expected name=value.');
  return { ...before, [name]: value };
}
