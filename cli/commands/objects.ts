import type { Command } from 'commander';
import { counted } from '../../core/format.ts';
import type { ParkedObject } from '../../core/objects/parked-object.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { readReason } from '../read-reason.ts';
import { bytesShown, plain } from '../screen/format.ts';
import { WHO, whoIs } from '../who.ts';

interface ParkedOptions extends Target {
  readonly json?: true;
}

interface RetryOptions extends ParkedOptions {
  readonly all?: true;
}

interface ForgetOptions extends RetryOptions {
  readonly reason: string;
  readonly who?: string;
}

/** Adds the command `objects`. */
export function addObjects(program: Command, context: Context): void {
  const objects = program
    .command('objects')
    .summary('list, retry and forget landed files that could not be taken in')
    .description(
      'Landed files that could not be taken into the tables. A mended copy that is put in the place of one is taken in by itself.',
    );

  const parked = objects
    .command('parked', { isDefault: true })
    .summary('list them, with the reason')
    .description('Lists the landed files that could not be taken in, each with the reason.')
    .option('--json', 'print JSON')
    .action((options: ParkedOptions) => listParked(context, options));
  example(withTarget(parked), 'runledger objects parked', 'runledger --aws objects parked --json');

  const retry = objects
    .command('retry [key...]')
    .summary('take them in once more')
    .description(
      'Takes parked files in once more, as they are. The end of a key is enough where only one ends so. A file that still cannot be taken in is parked again.',
    )
    .option('--all', 'every parked one')
    .option('--json', 'print which were taken up, and which are parked again')
    .action((keys: readonly string[], options: RetryOptions) => retryThese(context, keys, options));
  example(withTarget(retry), 'runledger objects retry part-7.gz', 'runledger --aws objects retry --all');

  const forget = objects
    .command('forget [key...]')
    .summary('do without them, for good')
    .description(
      'Does without parked files: their lines are in no table, and no answer mentions them any more. The files stay where they are. The decision is kept in the ledger, under decisions/, with the reason, and survives a rebuild.',
    )
    .option('--all', 'every parked one')
    .requiredOption('--reason <text>', 'why, for who looks later', readReason)
    .option('--who <name>', WHO)
    .option('--json', 'print which are forgotten')
    .action((keys: readonly string[], options: ForgetOptions) => forgetThese(context, keys, options));
  example(withTarget(forget), 'runledger objects forget part-7.gz --reason "cut off; its producer sent it again"');
}

async function listParked(context: Context, options: ParkedOptions): Promise<void> {
  const { out, err, io } = context;
  const found = await withLedger(context, options, 'read', (ledger) => ledger.parkedObjects());
  if (options.json) return printJson(context, found);
  if (found.length === 0) return err.line('no parked objects');
  for (const line of linesOf(found, out.paint)) out.line(line);
  err.line(
    err.paint('dim', `mend one in its place, or: ${io.program} objects retry KEY; objects forget KEY --reason TEXT`),
  );
}

const linesOf = (parked: readonly ParkedObject[], paint: Context['out']['paint']): readonly string[] =>
  parked.flatMap(({ object, size_bytes, why }) => [
    `${plain(object)}  ${paint('dim', bytesShown(size_bytes))}`,
    `  ${plain(why)}`,
  ]);

async function retryThese(context: Context, ends: readonly string[], options: RetryOptions): Promise<void> {
  const { out, err } = context;
  expectKeysOrAll(ends, options, context);
  const found = await withLedger(context, options, 'read', async (ledger) =>
    ledger.retryObjects(await keysOf(ledger, ends, options)),
  );
  if (options.json) printJson(context, found);
  else {
    const { retried, parked } = found;
    if (retried.length + parked.length === 0) err.line('no parked objects');
    if (retried.length > 0) out.line(`${counted(retried.length, 'object')} due again; the next tick takes them in`);
    for (const line of linesOf(parked, out.paint)) out.line(line);
  }
  if (found.parked.length > 0)
    throw new Stop(EXIT.failure, `${counted(found.parked.length, 'object')} still cannot be read`);
}

async function forgetThese(context: Context, ends: readonly string[], options: ForgetOptions): Promise<void> {
  const { io, out, err } = context;
  expectKeysOrAll(ends, options, context);
  const forgotten = await withLedger(context, options, 'read', async (ledger) =>
    ledger.forgetObjects({
      objects: await keysOf(ledger, ends, options),
      reason: options.reason,
      who: whoIs(options.who, io),
    }),
  );
  if (options.json) return printJson(context, { forgotten });
  if (forgotten.length === 0) return err.line('no parked objects');
  out.line(`${counted(forgotten.length, 'object')} forgotten; the files stay where they are`);
}

/** The whole keys of parked objects that a person typed the ends of. Throws `Stop` when one names none, or several. */
async function keysOf(
  ledger: OpenedLedger,
  ends: readonly string[],
  { all }: { readonly all?: true },
): Promise<readonly string[]> {
  const parked = (await ledger.parkedObjects()).map(({ object }) => object);
  if (all) return parked;
  return ends.map((end) => {
    const [first, second] = parked.includes(end) ? [end] : parked.filter((object) => object.endsWith(end));
    if (first === undefined) throw new Stop(EXIT.notFound, `there is no parked object whose key ends in ${end}`);
    if (second !== undefined) throw new Stop(EXIT.usage, `several parked objects end in ${end}; give more of the key`);
    return first;
  });
}

function expectKeysOrAll(ends: readonly string[], { all }: { readonly all?: true }, { io }: Context): void {
  if (ends.length > 0 !== (all === true)) return;
  throw new Stop(
    EXIT.usage,
    `expected keys or --all, but got ${all ? 'both' : 'neither'}; \`${io.program} objects parked\` lists the keys`,
  );
}
