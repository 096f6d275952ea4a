import { type Command, InvalidArgumentError, Option } from 'commander';
import { counted, countShown } from '../../core/format.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { wholeKeys } from '../ingest/rejected-keys.ts';
import { keyGroups, REJECTION_KINDS } from '../ingest/rejected-lines.ts';
import { resend } from '../ingest/resend.ts';
import type { Target } from '../opened-ledger.ts';
import { readReason } from '../read-reason.ts';
import { WHO, whoIs } from '../who.ts';

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
  readonly who?: string;
}

/** Adds the command `rejections resend`. */
export function addResend(rejections: Command, context: Context): void {
  const command = rejections
    .command('resend [key...]')
    .summary('send them again')
    .description(
      'Sends rejected lines again, after setting fields of those that are JSON objects. A line that is accepted leaves the list; one that is rejected once more keeps its key.',
    )
    .option('--all', 'every open one')
    .addOption(kindOption())
    .option('--set <name=value>', 'set a field; may be given several times', readSetting)
    .option('--json', 'print the counts as JSON')
    .action((keys: readonly string[], options: ResendOptions) => resendThese(context, keys, options));
  example(
    withTarget(command),
    'runledger rejections resend 3f9a1c --set process_name=daily_orders',
    'runledger rejections resend --all --kind missing_identity --set run_id=backfill-1',
  );
}

/** Adds the command `rejections dismiss`. */
export function addDismiss(rejections: Command, context: Context): void {
  const command = rejections
    .command('dismiss [key...]')
    .summary('say that nobody has to look at them')
    .description('Takes rejected lines off the list, with the reason. They are kept, and `list --all` lists them.')
    .option('--all', 'every open one')
    .addOption(kindOption())
    .requiredOption('--reason <text>', 'why, for who looks later', readReason)
    .option('--who <name>', WHO)
    .action((keys: readonly string[], options: DismissOptions) => dismissThese(context, keys, options));
  example(
    withTarget(command),
    'runledger rejections dismiss 3f9a1c --reason "a test of mine"',
    'runledger rejections dismiss --all --kind not_json --reason "somebody ingested a photo"',
  );
}

/** Limits a command to one kind of rejection. */
export const kindOption = (): Option => new Option('--kind <kind>', 'only of this kind').choices(REJECTION_KINDS);

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

async function dismissThese(context: Context, starts: readonly string[], options: DismissOptions): Promise<void> {
  const { io, out, err } = context;
  expectKeysOrAll(starts, options, io.program);
  const kinds = options.kind === undefined ? REJECTION_KINDS : [options.kind];
  let dismissed = 0;
  await withLedger(context, options, 'read', async (ledger) => {
    const groups = options.all ? keyGroups(ledger, kinds) : [await wholeKeys(ledger, starts)];
    for await (const keys of groups) {
      await ledger.dismiss({ keys, reason: options.reason, who: whoIs(options.who, io) });
      dismissed += keys.length;
    }
  });
  if (dismissed === 0) return err.line('no rejected lines to dismiss');
  out.line(`${counted(dismissed, 'line')} dismissed; ${io.program} rejections list --all still lists them`);
}

function expectKeysOrAll(starts: readonly string[], { all }: { readonly all?: true }, program: string): void {
  if (starts.length > 0 !== (all === true)) return;
  throw new Stop(
    EXIT.usage,
    `expected keys or --all, but got ${all ? 'both' : 'neither'}; \`${program} rejections\` lists the keys`,
  );
}

function readSetting(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('expected name=value.');
  return { ...before, [name]: value };
}
