import { writeFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import { errorMessage } from '../../core/error-message.ts';
import { reportHtml } from '../../core/report/html.ts';
import { reportText } from '../../core/report/text.ts';
import { gatherReport } from '../../sql/gather-report.ts';
import { questionText } from '../../sql/questions.ts';
import { type Context, example, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { PRICES_FILE } from '../prices-file.ts';
import { pricesFor } from '../prices-for.ts';
import { plain } from '../screen/format.ts';

interface ReportOptions extends Target {
  readonly day?: true;
  readonly week?: true;
  readonly owner: string;
  readonly environment: string;
  readonly format?: 'html' | 'text';
  readonly out?: string;
  readonly prices?: string;
}

/** Adds the command `report`. */
export function addReport(program: Command, context: Context): void {
  const command = program
    .command('report')
    .summary('report on a day or a week, as HTML or as text')
    .description(
      'Reports how pipelines did: one HTML file that needs nothing else, or plain text fit for mail. Every number is that of a named question.',
    )
    .option('--day', 'the last 24 hours (the default)')
    .addOption(new Option('--week', 'the last 7 days').conflicts('day'))
    .option('--owner <owner>', 'whose pipelines alone', '')
    .option('--environment <name>', 'of this environment alone', '')
    .addOption(
      new Option('--format <format>', 'html or text (default: by the name of the file, else text)').choices([
        'html',
        'text',
      ]),
    )
    .option('--out <file>', 'write to a file instead of the screen')
    .option('--prices <file>', `file of what things cost (default: ${PRICES_FILE} where it is)`)
    .action((options: ReportOptions) => report(context, options));
  example(
    withTarget(command),
    'runledger report --day --out today.html',
    'runledger report --week --owner crm | mail -s "Pipelines, last week" crm@example.com',
  );
}

async function report(context: Context, options: ReportOptions): Promise<void> {
  const { io, out, err } = context;
  const { week, owner, environment, out: file } = options;
  const asked = { period: week ? 'week' : 'day', owner, environment } as const;
  const now = io.clock.now();
  const gathered = await withLedger(context, options, 'read', (ledger) =>
    gatherReport(asked, now, (name, given) =>
      // A served ledger knows its prices.
      ledger.ask !== undefined && options.prices === undefined
        ? ledger.ask(name, given)
        : ledger.query(questionText(name, given, now, () => pricesFor(options, io))),
    ),
  );
  const format = options.format ?? (file !== undefined && /\.html?$/i.test(file) ? 'html' : 'text');
  const text = format === 'html' ? reportHtml(gathered) : reportText(gathered, plain);
  if (file === undefined) return out.line(text.trimEnd());
  try {
    writeFileSync(file, text);
  } catch (cause) {
    throw new Stop(EXIT.failure, `cannot write ${file}: ${errorMessage(cause)}`, { cause });
  }
  err.line(`wrote ${file}`);
}
