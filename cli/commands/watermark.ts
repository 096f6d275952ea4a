import type { Command } from 'commander';
import { instantShown } from '../../core/format.ts';
import { parseInstant } from '../../core/instant.ts';
import type { PipelineKey } from '../../core/ports/pipeline-watches.ts';
import type { Watermark } from '../../core/recovery/watermark.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { readReason } from '../read-reason.ts';
import { plain } from '../screen/format.ts';
import { WHO, whoIs } from '../who.ts';

interface WatermarkOptions extends Target {
  readonly environment: string;
  readonly json?: true;
}

interface SetOptions extends WatermarkOptions {
  readonly reason: string;
  readonly who?: string;
}

/** Adds the command `watermark`. */
export function addWatermark(program: Command, context: Context): void {
  const watermark = program
    .command('watermark')
    .summary('how far the data of a pipeline has come')
    .description(
      'How far the data of a pipeline has come: the end of the latest interval that a good run covered, or what a person set since.',
    );
  const one = (usage: string, summary: string, description: string): Command =>
    withTarget(
      watermark
        .command(usage)
        .summary(summary)
        .description(description)
        .option('-e, --environment <name>', 'of which environment', 'prod')
        .option('--json', 'print JSON'),
    );
  example(
    one('get <pipeline>', 'show it', 'Shows it. A pipeline without one loads everything.').action(
      (pipeline: string, options: WatermarkOptions) => get(context, pipeline, options),
    ),
    'runledger watermark get orders_daily',
  );
  example(
    one(
      'set <pipeline> <instant>',
      'set it by hand',
      'Sets it by hand, back or ahead; `none` makes the next run load everything. It is written down with who and why.',
    )
      .requiredOption('--reason <text>', 'why', readReason)
      .option('--who <name>', WHO)
      .action((pipeline: string, instant: string, options: SetOptions) => set(context, pipeline, instant, options)),
    'runledger watermark set orders_daily 2026-11-01T00:00:00Z --reason "source was restored"',
  );
  example(
    one(
      'history <pipeline>',
      'show who set it by hand',
      'Shows each time that it was set by hand, the latest first.',
    ).action((pipeline: string, options: WatermarkOptions) => history(context, pipeline, options)),
    'runledger watermark history orders_daily',
  );
}

async function get(context: Context, process_name: string, options: WatermarkOptions): Promise<void> {
  const { environment } = options;
  const found = await withLedger(context, options, 'read', (ledger) =>
    ledger.recovery.watermark({ environment, process_name }),
  );
  if (options.json) return printJson(context, found);
  print(context, { environment, process_name }, found);
}

async function set(context: Context, process_name: string, text: string, options: SetOptions): Promise<void> {
  const { environment, reason } = options;
  const parsed = text === 'none' ? undefined : parseInstant(text, 'UTC');
  if (parsed === null)
    throw new Stop(EXIT.usage, `expected an instant such as 2026-11-01T00:00:00Z, or none, but got ${text}`);
  const who = whoIs(options.who, context.io);
  const found = await withLedger(context, options, 'read', (ledger) =>
    ledger.recovery.setWatermark({
      ...{ environment, process_name, who, why: reason },
      ...(parsed !== undefined && { data_until: parsed.instant }),
    }),
  );
  if (options.json) return printJson(context, found);
  print(context, { environment, process_name }, found);
}

async function history(context: Context, process_name: string, options: WatermarkOptions): Promise<void> {
  const { environment } = options;
  const found = await withLedger(context, options, 'read', (ledger) =>
    ledger.recovery.watermarkHistory({ environment, process_name }),
  );
  if (options.json) return printJson(context, found);
  if (found.length === 0) return context.err.line('never set by hand');
  for (const { set_at, data_until, who, why } of found)
    context.out.line(`${instantShown(set_at)}  ${data_until ?? 'none'}  by ${plain(who)}: ${plain(why)}`);
}

function print(
  { out }: Context,
  { environment, process_name }: PipelineKey,
  { data_until, last_success_at, last_success_run_id, set_by_hand }: Watermark,
): void {
  out.line(`${plain(process_name)} in ${plain(environment)}  ${data_until ?? 'none: the next run loads everything'}`);
  if (last_success_at !== undefined)
    out.line(`last good run  ${plain(last_success_run_id ?? '')}, ended ${instantShown(last_success_at)} UTC`);
  if (set_by_hand !== undefined)
    out.line(
      `set by hand    ${instantShown(set_by_hand.set_at)} UTC to ${set_by_hand.data_until ?? 'none'} by ${plain(set_by_hand.who)}: ${plain(set_by_hand.why)}`,
    );
}
