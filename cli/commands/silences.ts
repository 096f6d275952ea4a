import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import { instantShown } from '../../core/format.ts';
import { epochMsOf, instantOf } from '../../core/instant.ts';
import { durationMs } from '../../core/pipelines/duration.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
import { tableOf } from '../screen/table.ts';
import { WHO, whoIs } from '../who.ts';

interface AddOptions extends Target {
  readonly for: number;
  readonly reason: string;
  readonly environment?: string;
  readonly who?: string;
  readonly json?: true;
}

/** Adds the command `silence`. */
export function addSilences(program: Command, context: Context): void {
  const silence = program
    .command('silence')
    .summary('tell nobody of some pipelines for a time')
    .description(
      'Silences: for a time nobody is told of these pipelines. Their incidents open and are kept all the same.',
    );
  const add = silence
    .command('add <pattern>')
    .summary('begin one')
    .description('Begins a silence of the pipelines that match the pattern.')
    .requiredOption('--for <duration>', 'how long, such as 2h', duration)
    .requiredOption('--reason <text>', 'why')
    .option('--environment <name>', 'only of this environment')
    .option('--who <name>', WHO)
    .option('--json', 'print JSON')
    .action((pattern: string, options: AddOptions) => addOne(context, pattern, options));
  example(withTarget(add), 'runledger silence add "orders_*" --for 2h --reason "moving the warehouse"');
  const list = silence
    .command('list', { isDefault: true })
    .summary('list those that have not ended')
    .description('Lists the silences that have not ended.')
    .option('--json', 'print JSON')
    .action((options: Target & { json?: true }) => listAll(context, options));
  withTarget(list);
  const end = silence
    .command('end <id>')
    .summary('end one now')
    .description('Ends a silence now; `silence list` shows its id.')
    .option('--who <name>', WHO)
    .action((id: string, options: Target & { who?: string }) => endOne(context, id, options));
  withTarget(end);
}

function duration(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined || ms < 1000) throw new InvalidArgumentError('expected a duration such as 90s, 10m, 2h or 1d.');
  return ms;
}

async function addOne(
  context: Context,
  pattern: string,
  { for: forMs, reason, environment, who, json, ...target }: AddOptions,
): Promise<void> {
  const { io, out } = context;
  const from = io.clock.now();
  const silence = {
    id: randomUUID().slice(0, 8),
    pattern,
    ...(environment === undefined ? {} : { environment }),
    from,
    until: instantOf(epochMsOf(from) + forMs),
    who: whoIs(who, io),
    why: reason,
  };
  await withLedger(context, target, 'read', (ledger) => ledger.alerts.silence(silence));
  if (json) return printJson(context, silence);
  out.line(
    `${silence.id}  nobody is told of ${plain(pattern)} until ${instantShown(silence.until)} UTC; to end it: ${io.program} silence end ${silence.id}`,
  );
}

async function listAll(context: Context, { json, ...target }: Target & { json?: true }): Promise<void> {
  const silences = await withLedger(context, target, 'read', (ledger) => ledger.alerts.silences());
  if (json) return printJson(context, silences);
  if (silences.length === 0) return context.err.line('no silences');
  const columns = [
    { head: 'id', keep: true },
    { head: 'pipelines', keep: true },
    { head: 'until (UTC)', keep: true },
    { head: 'who' },
    { head: 'why' },
  ];
  const rows = silences.map(({ id, pattern, until, who, why }) => [
    id,
    plain(pattern),
    instantShown(until),
    plain(who),
    plain(why),
  ]);
  for (const line of tableOf(columns, rows, context.out) ?? []) context.out.line(line);
}

async function endOne(context: Context, id: string, { who, ...target }: Target & { who?: string }): Promise<void> {
  const by = whoIs(who, context.io);
  const hasEnded = await withLedger(context, target, 'read', (ledger) => ledger.alerts.endSilence(id, by));
  if (!hasEnded)
    throw new Stop(EXIT.notFound, `expected the id of a silence, but there is no ${id}; \`silence list\` shows them`);
  context.out.line(`${plain(id)}  ended`);
}
