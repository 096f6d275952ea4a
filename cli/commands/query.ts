import { readFileSync } from 'node:fs';
import { text as readText } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { dollarsFor } from '../../adapters/athena/price.ts';
import { errorMessage } from '../../core/error-message.ts';
import { counted, countShown } from '../../core/format.ts';
import { durationMs } from '../../core/pipelines/duration.ts';
import { type Answer, QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import { questions, questionText } from '../../sql/questions.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { PRICES_FILE } from '../prices-file.ts';
import { pricesFor } from '../prices-for.ts';
import { FORMATS, type Format, printAnswer } from '../screen/answer-screen.ts';
import { bytesShown, dollarsShown, plain } from '../screen/format.ts';
import { whileWaiting } from '../screen/waiting.ts';

interface QueryOptions extends Target {
  readonly named?: string;
  readonly param: Readonly<Record<string, string>>;
  readonly file?: string;
  readonly prices?: string;
  readonly format: Format;
  readonly timeout?: number;
  readonly list?: true;
  readonly json?: true;
}

/** Adds the command `query`. */
export function addQuery(program: Command, context: Context): void {
  const command = program
    .command('query [sql]')
    .summary('ask in SQL')
    .description('Answers one SELECT over the tables and views; `-` reads it from standard input.')
    .option('--named <name>', 'a question that is ready to ask (see --list)')
    .option('--param <name=value>', 'a value for a named question, once for each', withParameter, {})
    .option('--prices <file>', `file of what things cost, for --named cost (default: ${PRICES_FILE} where it is)`)
    .option('-f, --file <file>', 'read the SELECT from a file')
    .addOption(new Option('--format <format>', 'how to print the rows').choices(FORMATS).default('table'))
    .option('--json', 'the same as --format json')
    .option('--timeout <duration>', 'how long it may take, such as 60s or 4m (default: 10s, on AWS 30m)', readDuration)
    .option('--list', 'list the named questions, the tables and the views')
    .action((sql: string | undefined, options: QueryOptions) => query(context, sql, options));
  example(
    withTarget(command),
    'runledger query "select process_name, status, count(*) from current_runs group by process_name, status"',
    'runledger query --named failures-in-7-days',
    'runledger query --format csv "select * from job_metrics" > metrics.csv',
  );
}

async function query(context: Context, sql: string | undefined, options: QueryOptions): Promise<void> {
  const { io, out, err } = context;
  if (options.list) return list(context, options.json === true);
  const { named } = options;
  const text = await questionOf(context, sql, options);
  const answer = await withLedger(context, options, 'read', (ledger) =>
    whileWaiting(context, 'asking', () =>
      // A served ledger knows its prices, and takes questions of limited tokens by their names alone.
      named !== undefined && ledger.ask !== undefined && options.prices === undefined && options.timeout === undefined
        ? ledger.ask(named, options.param)
        : ledger.query(text, { timeoutMs: options.timeout }),
    ),
  );
  const format = options.json ? 'json' : options.format;
  if (answer.rows.length > 0 || format !== 'table') printAnswer(answer, format, out);
  if (answer.note !== undefined) err.line(err.paint('yellow', plain(answer.note)));
  if (answer.truncated) {
    err.line(
      `these are the first ${countShown(answer.rows.length)} rows, there are more; ask for fewer with where or limit`,
    );
  }
  // What a query cost is always said, also where another program reads the rows.
  if (answer.scanned_bytes !== undefined || (!answer.truncated && format === 'table' && io.stdout.isTTY)) {
    err.line(err.paint('dim', summaryOf(answer)));
  } else if (answer.rows.length === 0) err.line('0 rows');
}

function summaryOf({ rows, elapsed_ms, scanned_bytes }: Answer): string {
  const answered = `${counted(rows.length, 'row')} in ${countShown(elapsed_ms)} ms`;
  return scanned_bytes === undefined
    ? answered
    : `${answered}; ${bytesShown(scanned_bytes)} scanned, ${dollarsShown(dollarsFor(scanned_bytes))}`;
}

async function questionOf(
  { io }: Context,
  sql: string | undefined,
  { named, file, param, ...where }: QueryOptions,
): Promise<string> {
  const given = [sql, named, file].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new Stop(
      EXIT.usage,
      `expected one of SQL, --named or --file, but got ${given.length === 0 ? 'none' : given.length}; --list shows what can be asked`,
    );
  }
  if (named === undefined && Object.keys(param).length > 0) {
    throw new Stop(EXIT.usage, 'expected --named with --param, got --param alone; a SELECT holds its values itself');
  }
  if (named !== undefined) return namedText(named, param, io, where);
  const text = file !== undefined ? readFile(file) : sql === '-' ? await readText(io.stdin) : (sql ?? '');
  if (text.trim() === '')
    throw new Stop(EXIT.usage, 'expected one SELECT, but got nothing; --list shows what can be asked');
  return text;
}

function namedText(
  name: string,
  given: Readonly<Record<string, string>>,
  io: Context['io'],
  where: Parameters<typeof pricesFor>[0],
): string {
  try {
    return questionText(name, given, io.clock.now(), () => pricesFor(where, io));
  } catch (cause) {
    if (!(cause instanceof QueryRejectedError)) throw cause;
    throw new Stop(
      EXIT.usage,
      `${cause.message}${cause.message.endsWith('?') ? '' : ';'} --list shows what can be asked`,
      { cause },
    );
  }
}

/** Reads the values of `--param` one by one, as commander gives them. */
function withParameter(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('expected NAME=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function readDuration(text: string): number {
  const ms = durationMs(text);
  if (ms !== undefined && ms > 0) return ms;
  throw new InvalidArgumentError('expected a duration such as 60s or 4m.');
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Stop(EXIT.failure, `cannot read ${file}: ${errorMessage(cause)}`, { cause });
  }
}

function list(context: Context, asJson: boolean): void {
  const { out } = context;
  const sections = {
    named: Object.values(questions).map(({ name, summary, asks }) => ({ name, summary, parameters: asks })),
    tables: TABLES.map(({ name, comment }) => ({ name, summary: comment })),
    views: VIEWS.map(({ name, comment }) => ({ name, summary: comment })),
  };
  if (asJson) {
    printJson(context, sections);
    return;
  }
  const width = Math.max(...Object.values(sections).flatMap((each) => each.map(({ name }) => name.length)));
  const titles = {
    named: 'Questions, for --named, with what may be given by --param',
    tables: 'Tables',
    views: 'Views',
  };
  for (const [index, key] of (['named', 'tables', 'views'] as const).entries()) {
    if (index > 0) out.line();
    out.line(out.paint('bold', titles[key]));
    for (const { name, summary, ...more } of sections[key]) {
      out.line(`  ${name.padEnd(width)}  ${summary}`);
      for (const [parameter, { comment, default: usual }] of Object.entries(
        'parameters' in more ? more.parameters : {},
      ))
        out.line(`  ${' '.repeat(width)}  ${parameter}=${usual || "''"}: ${comment}`);
    }
  }
}
