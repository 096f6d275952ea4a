import { type Command, InvalidArgumentError, Option } from 'commander';
import { counted, countShown, instantShown } from '../../core/format.ts';
import { type Context, example, printJson, wholeNumber, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { keyGroups, keysBeginning, listRejections, REJECTION_KINDS, rejectionsOf } from '../ingest/rejected-lines.ts';
import { resend } from '../ingest/resend.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
import { type TableColumn, tableOf } from '../screen/table.ts';
import { wrap } from '../screen/wrap.ts';

interface ListOptions extends Target {
  readonly kind?: string;
  readonly limit: number;
  readonly all?: true;
  readonly json?: true;
}

interface ResendOptions extends Target {
  readonly all?: true;
  readonly kind?: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly json?: true;
}

interface DismissOptions extends Target {
  readonly all?: true;
  readonly kind?: string;
  readonly reason: string;
}

/** Enough of a key to tell a few thousand apart; any beginning that only one has will do. */
const SHORT_KEY = 12;

/** Adds the command `rejections`. */
export function addRejections(program: Command, context: Context): void {
  const rejections = program
    .command('rejections')
    .summary('list, show, resend and dismiss lines that could not be accepted')
    .description('Lines that could not be accepted: what they were, why, and another try or none.');
  const kind = () => new Option('--kind <kind>', 'only of this kind').choices(REJECTION_KINDS);

  const list = rejections
    .command('list', { isDefault: true })
    .summary('list them, the latest first')
    .description('Lists the rejected lines that wait for somebody, the latest first, each once.')
    .addOption(kind())
    .option('--all', 'also those that were accepted since, or dismissed')
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
      'Sends rejected lines again, after setting fields of those that are JSON objects. A line that is accepted leaves the list; one that is rejected once more keeps its key.',
    )
    .option('--all', 'every open one')
    .addOption(kind())
    .option('--set <name=value>', 'set a field; may be given several times', readSetting)
    .option('--json', 'print the counts as JSON')
    .action((keys: readonly string[], options: ResendOptions) => resendThese(context, keys, options));
  example(
    withTarget(again),
    'runledger rejections resend 3f9a1c --set process_name=daily_orders',
    'runledger rejections resend --all --kind missing_identity --set run_id=backfill-1',
  );

  const dismiss = rejections
    .command('dismiss [key...]')
    .summary('say that nobody has to look at them')
    .description('Takes rejected lines off the list, with the reason. They are kept, and `list --all` lists them.')
    .option('--all', 'every open one')
    .addOption(kind())
    .requiredOption('--reason <text>', 'why, for who looks later', readReason)
    .action((keys: readonly string[], options: DismissOptions) => dismissThese(context, keys, options));
  example(
    withTarget(dismiss),
    'runledger rejections dismiss 3f9a1c --reason "a test of mine"',
    'runledger rejections dismiss --all --kind not_json --reason "somebody ingested a photo"',
  );
}

async function dismissThese(context: Context, starts: readonly string[], options: DismissOptions): Promise<void> {
  const { io, out, err } = context;
  expectKeysOrAll(starts, options, io.program);
  const kinds = options.kind === undefined ? REJECTION_KINDS : [options.kind];
  let dismissed = 0;
  await withLedger(context, options, 'read', async (ledger) => {
    const groups = options.all ? keyGroups(ledger, kinds) : [await wholeKeys(ledger, starts)];
    // All keys before the first decision: what is dismissed is open no more, and pages would shift.
    const chosen: (readonly string[])[] = [];
    for await (const group of groups) chosen.push(group);
    for (const keys of chosen) {
      await ledger.dismiss({ keys, reason: options.reason });
      dismissed += keys.length;
    }
  });
  if (dismissed === 0) return err.line('no rejected lines to dismiss');
  out.line(`${counted(dismissed, 'line')} dismissed; ${io.program} rejections list --all still lists them`);
}

async function listAll(context: Context, options: ListOptions): Promise<void> {
  const { out, err, io } = context;
  const kinds = options.kind === undefined ? REJECTION_KINDS : [options.kind];
  const found = await withLedger(context, options, 'read', (ledger) =>
    listRejections(ledger, { kinds, limit: options.limit, all: options.all === true }),
  );
  if (options.json) return printJson(context, found);
  if (found.length === 0) return err.line(options.all ? 'no rejected lines' : 'no open rejected lines');
  const columns: readonly TableColumn[] = [
    { head: 'key', keep: true },
    { head: 'received (UTC)', keep: true },
    { head: 'kind', keep: true },
    ...(options.all ? [{ head: 'state', keep: true }] : []),
    { head: 'line' },
  ];
  const rows = found.map((each) => [
    each.rejection_key.slice(0, SHORT_KEY),
    instantShown(each.received_at),
    each.kind,
    ...(options.all ? [each.state] : []),
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
  if (found.state !== 'open') {
    return out.line(`${found.state}${found.decision_reason === null ? '' : `: ${plain(found.decision_reason)}`}`);
  }
  const key = found.rejection_key.slice(0, SHORT_KEY);
  // Fields can be set on an object only.
  const commands = [
    ...(SETTABLE.has(found.kind) ? [`resend ${key} --set name=value`] : []),
    `dismiss ${key} --reason TEXT`,
  ];
  for (const [at, command] of commands.entries()) {
    out.line(`${out.paint('dim', at === 0 ? 'next' : '    ')}  ${io.program} rejections ${command}`);
  }
}

async function resendThese(context: Context, starts: readonly string[], options: ResendOptions): Promise<void> {
  const { io, out, err } = context;
  expectKeysOrAll(starts, options, io.program);
  let acceptsLater = false;
  const counts = await withLedger(context, options, 'read', async (ledger) => {
    acceptsLater = ledger.acceptsLater === true;
    const keys = options.all ? undefined : await wholeKeys(ledger, starts);
    const kinds = options.kind === undefined ? REJECTION_KINDS : [options.kind];
    return resend(ledger, { keys, kinds, set: options.set ?? {} }, io.pause);
  });
  const { received, accepted, rejected, cut } = counts;
  if (options.json) return printJson(context, acceptsLater ? { sent: received } : { received, accepted, rejected });
  if (cut > 0) {
    const where = 'each is whole under oversize/ in the ledger: edit it and send it with ingest';
    err.line(`${counted(cut, 'line')} too long to be sent from here; ${where}`);
  }
  if (received === 0) {
    if (cut === 0) err.line('no rejected lines to send');
    return;
  }
  const what = acceptsLater
    ? '; they are accepted on their way'
    : `: ${countShown(accepted)} accepted, ${countShown(rejected)} still rejected`;
  out.line(`${counted(received, 'line')} sent again${what}`);
}

/** Kinds of lines that are JSON objects. */
const SETTABLE: ReadonlySet<string> = new Set(['missing_identity', 'says_nothing']);

function expectKeysOrAll(starts: readonly string[], { all }: { readonly all?: true }, program: string): void {
  if (starts.length > 0 !== (all === true)) return;
  throw new Stop(
    EXIT.usage,
    `expected keys or --all, but got ${all ? 'both' : 'neither'}; \`${program} rejections\` lists the keys`,
  );
}

const wholeKeys = (ledger: OpenedLedger, starts: readonly string[]): Promise<readonly string[]> =>
  Promise.all(starts.map((start) => wholeKey(ledger, start)));

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

function readReason(text: string): string {
  if (text.trim() !== '' && text.length <= 1_000) return text;
  throw new InvalidArgumentError('expected 1 to 1,000 characters.');
}

function readSetting(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('expected name=value.');
  return { ...before, [name]: value };
}
