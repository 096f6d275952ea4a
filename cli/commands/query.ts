import { readFileSync } from 'node:fs';
import { text as readText } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { dollarsFor } from '../../adapters/athena/price.ts';
import { errorMessage } from '../../core/error-message.ts';
import { counted, countShown } from '../../core/format.ts';
import type { Instant } from '../../core/instant.ts';
import { nearest } from '../../core/nearest.ts';
import type { Answer } from '../../core/ports/answer-engine.ts';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import type { Query } from '../../core/typed-query.ts';
import { render } from '../../sql/define-query.ts';
import { namedQueries } from '../../sql/queries.ts';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { FORMATS, type Format, printAnswer } from '../screen/answer-screen.ts';
import { bytesShown, dollarsShown, plain } from '../screen/format.ts';

interface QueryOptions extends Target {
  readonly named?: string;
  readonly file?: string;
  readonly format: Format;
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
    .option('-f, --file <file>', 'read the SELECT from a file')
    .addOption(new Option('--format <format>', 'how to print the rows').choices(FORMATS).default('table'))
    .option('--json', 'the same as --format json')
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
  const text = await questionOf(context, sql, options);
  const answer = await withLedger(context, options, 'read', (ledger) => ledger.query(text));
  const format = options.json ? 'json' : options.format;
  printAnswer(answer, format, out);
  if (answer.note !== undefined) err.line(err.paint('yellow', plain(answer.note)));
  if (answer.truncated) {
    err.line(
      `these are the first ${countShown(answer.rows.length)} rows, there are more; ask for fewer with where or limit`,
    );
  }
  // What a query cost is always said, also where another program reads the rows.
  if (answer.scanned_bytes !== undefined || (!answer.truncated && format === 'table' && io.stdout.isTTY)) {
    err.line(err.paint('dim', summaryOf(answer)));
  }
}

function summaryOf({ rows, elapsed_ms, scanned_bytes }: Answer): string {
  const answered = `${counted(rows.length, 'row')} in ${countShown(elapsed_ms)} ms`;
  return scanned_bytes === undefined
    ? answered
    : `${answered}; ${bytesShown(scanned_bytes)} scanned, ${dollarsShown(dollarsFor(scanned_bytes))}`;
}

async function questionOf({ io }: Context, sql: string | undefined, { named, file }: QueryOptions): Promise<string> {
  const given = [sql, named, file].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw new Stop(
      EXIT.usage,
      `expected one of SQL, --named or --file, but got ${given.length === 0 ? 'none' : given.length}; --list shows what can be asked`,
    );
  }
  if (named !== undefined) return namedText(named, io.clock.now());
  if (file !== undefined) return readFile(file);
  return sql === '-' ? readText(io.stdin) : (sql ?? '');
}

const questions: Readonly<Record<string, Query>> = namedQueries;

/** `:now` is the time of asking. */
function namedText(name: string, now: Instant): string {
  const question = Object.hasOwn(questions, name) ? questions[name] : undefined;
  if (question !== undefined) return render(question, 'now' in question.parameters ? { now } : {});
  const near = nearest(name, Object.keys(questions));
  throw new Stop(
    EXIT.usage,
    `there is no question named ${name}${near ? `; did you mean ${near}?` : '; --list shows those there are'}`,
  );
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
    named: Object.values(questions).map(({ name, summary, parameters }) => ({
      name,
      summary,
      parameters: Object.keys(parameters),
    })),
    tables: TABLES.map(({ name, comment }) => ({ name, summary: comment })),
    views: VIEWS.map(({ name, comment }) => ({ name, summary: comment })),
  };
  if (asJson) {
    printJson(context, sections);
    return;
  }
  const width = Math.max(...Object.values(sections).flatMap((each) => each.map(({ name }) => name.length)));
  const titles = {
    named: 'Questions, for --named (:now in them is the time of asking)',
    tables: 'Tables',
    views: 'Views',
  };
  for (const [index, key] of (['named', 'tables', 'views'] as const).entries()) {
    if (index > 0) out.line();
    out.line(out.paint('bold', titles[key]));
    for (const { name, summary } of sections[key]) out.line(`  ${name.padEnd(width)}  ${summary}`);
  }
}
