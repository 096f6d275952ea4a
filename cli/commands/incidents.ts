import type { Command } from 'commander';
import type { Incident } from '../../core/alert/incident.ts';
import { counted, instantShown } from '../../core/format.ts';
import { type Context, example, printJson, wholeNumber, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { OpenedLedger, Target } from '../opened-ledger.ts';
import { decisionsOn } from '../recovery/decisions-on.ts';
import { plain } from '../screen/format.ts';
import { incidentLines } from '../screen/incident-screen.ts';
import { type TableColumn, tableOf } from '../screen/table.ts';
import { WHO, whoIs } from '../who.ts';

interface ListOptions extends Target {
  readonly open?: true;
  readonly since?: string;
  readonly pipeline?: string;
  readonly limit: number;
  readonly json?: true;
}

interface OneOptions extends Target {
  readonly slot?: string;
  readonly environment?: string;
  readonly json?: true;
}

interface DecideOptions extends OneOptions {
  readonly reason?: string;
  readonly who?: string;
}

/** Adds `incidents`, `incident`, `ack` and `resolve`. */
export function addIncidents(program: Command, context: Context): void {
  const list = program
    .command('incidents')
    .summary('list what went wrong, the latest first')
    .description(
      'Lists incidents: what went wrong with a slot of a pipeline, and whether it is over. The latest first.',
    )
    .option('--open', 'only those that are not resolved')
    .option('--since <instant>', 'only those detected since, such as 2026-11-30')
    .option('--pipeline <name>', 'only those of one pipeline')
    .option('-n, --limit <count>', 'how many at most', wholeNumber(1, 1000), 20)
    .option('--json', 'print JSON')
    .action((options: ListOptions) => listAll(context, options));
  example(withTarget(list), 'runledger incidents --open');

  const restore = list
    .command('restore')
    .summary('build a lost store of incidents again')
    .description(
      'Builds the store of incidents again from their log: what was found, what people decided, and what was told. A ledger of a folder does so by itself when the store is missing. Repeating it changes nothing.',
    )
    .option('--json', 'print JSON')
    .action((options: Target & { json?: true }) => restoreAll(context, options));
  example(withTarget(restore), 'runledger --aws incidents restore');

  const show = one(
    program,
    'incident <pipeline>',
    'show the story of one',
    'Shows the latest incident of a pipeline, or the one of --slot, as it went.',
  ).action((pipeline: string, options: OneOptions) => showOne(context, pipeline, options));
  example(show, 'runledger incident orders_daily');

  const ack = one(
    program,
    'ack <pipeline>',
    'say that you look after one',
    'Acknowledges the open incident of a pipeline: it stays open, and what comes new is still told.',
  )
    .option('--who <name>', WHO)
    .action((pipeline: string, options: DecideOptions) => decide(context, pipeline, 'acknowledge', options));
  example(ack, 'runledger ack orders_daily');

  const resolve = one(
    program,
    'resolve <pipeline>',
    'end one by hand',
    'Resolves the open incident of a pipeline. A good run of its slot does so by itself.',
  )
    .option('--who <name>', WHO)
    .requiredOption('--reason <text>', 'why it is over')
    .action((pipeline: string, options: DecideOptions) => decide(context, pipeline, 'resolve', options));
  example(resolve, 'runledger resolve orders_daily --reason "loaded by hand"');
}

const one = (program: Command, usage: string, summary: string, description: string): Command =>
  withTarget(
    program
      .command(usage)
      .summary(summary)
      .description(description)
      .option('--slot <slot>', 'which one, as `incidents` shows it')
      .option('--environment <name>', 'of which environment')
      .option('--json', 'print JSON'),
  );

async function restoreAll(context: Context, { json, ...target }: Target & { json?: true }): Promise<void> {
  const restored = await withLedger(context, target, 'write', (ledger) => ledger.alerts.restoreIncidents());
  if (json) return printJson(context, restored);
  const { incidents, receipts } = restored;
  context.out.line(
    `${counted(incidents, 'incident')} and ${counted(receipts, 'receipt')} are in the log, and in the store`,
  );
}

async function listAll(
  context: Context,
  { open, since, pipeline, limit, json, ...target }: ListOptions,
): Promise<void> {
  const from = since === undefined ? undefined : new Date(since);
  if (from !== undefined && Number.isNaN(from.getTime()))
    throw new Stop(EXIT.usage, `expected --since as a date or an instant such as 2026-11-30, but got ${since}`);
  const found = await withLedger(context, target, 'read', (ledger) =>
    ledger.alerts.incidents({
      limit,
      process_name: pipeline,
      ...(open && { open }),
      ...(from && { since: from.toISOString() }),
    }),
  );
  const { out, err, io } = context;
  if (json) return printJson(context, found);
  if (found.length === 0) return err.line(open ? 'no open incidents' : 'no incidents');
  const columns: readonly TableColumn[] = [
    { head: 'detected (UTC)', keep: true },
    { head: 'severity', keep: true },
    { head: 'status', keep: true },
    { head: 'pipeline' },
    { head: 'slot' },
    { head: 'why' },
  ];
  const rows = found.map((each) => [
    instantShown(each.detected_at),
    each.severity,
    each.status,
    plain(each.process_name),
    plain(each.slot),
    each.reasons
      .map(({ reason }) => reason)
      .filter((reason, at, all) => all.indexOf(reason) === at)
      .join(' '),
  ]);
  for (const line of tableOf(columns, rows, out) ?? []) out.line(line);
  err.line(err.paint('dim', `the story of one: ${io.program} incident PIPELINE`));
}

async function showOne(context: Context, pipeline: string, options: OneOptions): Promise<void> {
  const { incident, decisions } = await withLedger(context, options, 'read', async (ledger) => {
    const found = await findOne(ledger, pipeline, options, false);
    const { slot, run_ids } = found;
    // Those about its slot, or about its runs.
    const decisions = await decisionsOn(
      ledger,
      found,
      ({ run_id }, recovery) => recovery.slot === slot || run_ids.includes(run_id),
    );
    return { incident: found, decisions };
  });
  if (options.json) return printJson(context, { ...incident, ...(decisions.length > 0 && { decisions }) });
  for (const line of incidentLines(incident, context.out, decisions)) context.out.line(line);
}

async function decide(
  context: Context,
  pipeline: string,
  decision: 'acknowledge' | 'resolve',
  options: DecideOptions,
): Promise<void> {
  const who = whoIs(options.who, context.io);
  const after = await withLedger(context, options, 'read', async (ledger) => {
    const { id } = await findOne(ledger, pipeline, options, true);
    return ledger.alerts.decide({
      id,
      decision,
      who,
      ...(options.reason === undefined ? {} : { why: options.reason }),
    });
  });
  if (options.json) return printJson(context, after ?? null);
  // A named token says who it was, and an earlier decision still holds.
  const by = (decision === 'acknowledge' ? after?.acknowledged_by : after?.resolution) ?? who;
  context.out.line(`${plain(pipeline)}  ${after?.slot ?? ''}  ${after?.status ?? ''} by ${plain(by)}`);
}

/** The latest incident of a pipeline that is meant, an open one before one that is over. */
async function findOne(
  ledger: OpenedLedger,
  pipeline: string,
  { slot, environment }: OneOptions,
  isOpen: boolean,
): Promise<Incident> {
  const all = await ledger.alerts.incidents({ process_name: pipeline, environment, limit: 1000 });
  const meant = all.filter(
    (each) => (slot === undefined || each.slot === slot) && (!isOpen || each.status !== 'resolved'),
  );
  const found = meant.find(({ status }) => status !== 'resolved') ?? meant[0];
  if (found !== undefined) return found;
  const which = `${isOpen ? 'an open' : 'an'} incident of ${pipeline}${slot === undefined ? '' : ` and the slot ${slot}`}`;
  throw new Stop(EXIT.notFound, `expected ${which}, but there is none; \`incidents\` lists them`);
}
