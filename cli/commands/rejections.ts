import type { Command } from 'commander';
import { instantShown } from '../../core/format.ts';
import { type Context, example, printJson, wholeNumber, withLedger, withTarget } from '../context.ts';
import { notFound, wholeKey } from '../ingest/rejected-keys.ts';
import { listRejections, REJECTION_KINDS, rejectionsOf } from '../ingest/rejected-lines.ts';
import type { Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
import { type TableColumn, tableOf } from '../screen/table.ts';
import { wrap } from '../screen/wrap.ts';
import { addDismiss, addResend, kindOption } from './decide-rejections.ts';

interface ListOptions extends Target {
  readonly kind?: string;
  readonly limit: number;
  readonly all?: true;
  readonly json?: true;
}

/** Enough of a key to tell a few thousand apart; any beginning that only one has will do. */
const SHORT_KEY = 12;

/** Adds the command `rejections`. */
export function addRejections(program: Command, context: Context): void {
  const rejections = program
    .command('rejections')
    .summary('list, show, resend and dismiss lines that could not be accepted')
    .description('Lines that could not be accepted: what they were, why, and another try or none.');

  const list = rejections
    .command('list', { isDefault: true })
    .summary('list them, the latest first')
    .description('Lists the rejected lines that wait for somebody, the latest first, each once.')
    .addOption(kindOption())
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

  addResend(rejections, context);
  addDismiss(rejections, context);
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
    ...(options.all ? [{ head: 'state', keep: true }, { head: 'by' }] : []),
    { head: 'line' },
  ];
  const rows = found.map((each) => [
    each.rejection_key.slice(0, SHORT_KEY),
    instantShown(each.received_at),
    each.kind,
    ...(options.all ? [each.state, plain(each.decided_by ?? '')] : []),
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
    const by = found.decided_by === null ? '' : ` by ${plain(found.decided_by)}`;
    return out.line(`${found.state}${by}${found.decision_reason === null ? '' : `: ${plain(found.decision_reason)}`}`);
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

/** Kinds of lines that are JSON objects. */
const SETTABLE: ReadonlySet<string> = new Set(['missing_identity', 'says_nothing']);
