import { Argument, type Command, Option } from 'commander';
import { questions } from '../../sql/questions.ts';
import { answerOf, selectOf } from '../ask-question.ts';
import { type Context, example, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { FORMATS, type Format, printAnswer } from '../screen/answer-screen.ts';
import { plain } from '../screen/format.ts';
import { printRows } from '../screen/row-table.ts';
import { whileWaiting } from '../screen/waiting.ts';

/** A command that asks one named question. What the question asks for are its options. */
interface AskedCommand {
  readonly command: string;
  readonly question: string;
  readonly summary: string;
  /** Which of what it asks for stands behind the command itself. */
  readonly argument?: { readonly name: string; readonly required: boolean };
  /** Its columns, the most important first. */
  readonly columns: readonly string[];
  readonly none: string;
  readonly examples: readonly string[];
}

const COMMANDS: readonly AskedCommand[] = [
  {
    command: 'failed',
    question: 'failed-today',
    summary: 'list the runs that failed, and why',
    columns: [
      ...['status', 'process_name', 'run_id', 'error_message', 'error_code', 'error_step', 'environment', 'failed_at'],
      ...['duration_ms', 'owner'],
    ],
    none: 'no run failed',
    examples: ['runledger failed', 'runledger failed --since 7d --owner sales'],
  },
  {
    command: 'cost',
    question: 'cost',
    summary: 'print what runs cost, by the prices of prices.yaml',
    columns: [
      ...['process_name', 'owner', 'run_id', 'day', 'cost', 'currency', 'runs', 'priced_runs', 'cost_per_run'],
      ...['unknown_because', 'environment'],
    ],
    none: 'no runs in that time',
    examples: ['runledger cost --by owner --since 30d', 'runledger cost --by run --pipeline "orders_*"'],
  },
  {
    command: 'kpi',
    question: 'kpis',
    summary: 'print the numbers managers ask for, by day or week',
    columns: [
      ...['period', 'environment', 'process_name', 'runs', 'failed', 'success_rate', 'mean_duration_ms'],
      ...['p95_duration_ms', 'mttr_ms', 'mttd_ms', 'incidents', 'pages', 'data_size_bytes_out', 'data_size_bytes_in'],
    ],
    none: 'no runs in that time',
    examples: ['runledger kpi --by week', 'runledger kpi --per pipeline --format csv'],
  },
  {
    command: 'lineage',
    question: 'lineage',
    summary: 'say what a table is made from, and what is made from it',
    argument: { name: 'table', required: true },
    columns: [
      'direction',
      'depth',
      'source_path',
      'target_path',
      'process_name',
      'runs',
      'last_written_at',
      'environment',
    ],
    none: 'nothing is known to be made from it; --direction up or both looks the other way',
    examples: ['runledger lineage mart.orders --direction both', 'runledger lineage "s3://lake/raw/*"'],
  },
  {
    command: 'schema',
    question: 'schema',
    summary: 'print the fields of a dataset, as runs told them',
    argument: { name: 'dataset', required: true },
    columns: ['field', 'field_type', 'dataset', 'told_at', 'process_name', 'environment', 'run_id', 'position'],
    none: 'no run told the fields of it; a run tells them with step.target(path, schema=…)',
    examples: ['runledger schema mart.orders', 'runledger schema "s3://lake/raw/*" --format csv'],
  },
  {
    command: 'schema-changes',
    question: 'schema-changes',
    summary: 'list fields that were added, removed or given another type',
    argument: { name: 'dataset', required: false },
    columns: [
      ...['change', 'field', 'dataset', 'changed_at', 'type_before', 'type_after', 'process_name', 'run_id'],
      ...['environment', 'run_before'],
    ],
    none: 'no field changed in that time',
    examples: ['runledger schema-changes', 'runledger schema-changes mart.orders --since 1y'],
  },
  {
    command: 'quality',
    question: 'quality-by-dataset',
    summary: 'print how the checks of each dataset went, day by day',
    argument: { name: 'dataset', required: false },
    columns: [
      ...['dataset', 'day', 'quality_score', 'checks', 'failed_checks', 'last_failed_check', 'records_failed'],
      ...['records_checked', 'environment', 'last_run_id'],
    ],
    none: 'no checks in that time',
    examples: ['runledger quality', 'runledger quality mart.orders --since 90d'],
  },
  {
    command: 'changes',
    question: 'run-changes',
    summary: 'print what became of runs after a change that you know',
    columns: [
      ...['number', 'kind', 'process_name', 'run_id', 'status_before', 'status', 'changed_at', 'changed_columns'],
      ...['environment'],
    ],
    none: 'nothing has changed since',
    examples: ['runledger changes --after 4711 --json', 'runledger changes --kind created -p "orders_*"'],
  },
  {
    command: 'audit',
    question: 'audit',
    summary: 'print who did what to the ledger',
    columns: [...['acted_at', 'kind', 'who', 'target', 'why', 'process_name', 'environment', 'detail', 'object']],
    none: 'nobody did anything in that time',
    examples: ['runledger audit --since 7d', 'runledger audit --who anna --kind silence --json'],
  },
];

/** Adds the commands that ask one named question each. */
export function addAsked(program: Command, context: Context): void {
  for (const each of COMMANDS) addOne(program, context, each);
}

interface AskedOptions extends Target, Readonly<Record<string, unknown>> {
  readonly format: Format;
  readonly json?: true;
}

function addOne(program: Command, context: Context, asked: AskedCommand): void {
  const question = questions[asked.question];
  if (question === undefined)
    throw new Error(`the command ${asked.command} asks ${asked.question}, which there is not`);
  const command = program.command(asked.command).summary(asked.summary).description(question.summary);
  const { argument } = asked;
  if (argument !== undefined) {
    const { name, required } = argument;
    command.addArgument(new Argument(required ? `<${name}>` : `[${name}]`, question.asks[name]?.comment ?? ''));
  }
  const options = Object.entries(question.asks).filter(([name]) => name !== argument?.name);
  for (const [name, { comment, default: usual, oneOf }] of options) {
    const told =
      usual === '' || usual === '*'
        ? comment.replace(/; empty: of all$|; \* stands for any text$/, '')
        : `${comment} (default: ${usual})`;
    const option = new Option(`${flagOf(name)} <${name === 'since' || name === 'until' ? 'time' : 'value'}>`, told);
    // The empty choice stands for any of them, which is what leaving the option out means.
    command.addOption(oneOf ? option.choices(oneOf.filter((choice) => choice !== '')) : option);
  }
  command
    .addOption(new Option('--format <format>', 'how to print the rows').choices(FORMATS).default('table'))
    .option('--json', 'the same as --format json')
    .action((...args: readonly unknown[]) => {
      const given = argument === undefined ? undefined : (args[0] as string | undefined);
      return ask(context, asked, given, args[argument === undefined ? 0 : 1] as AskedOptions);
    });
  example(withTarget(command), ...asked.examples);
}

const flagOf = (name: string): string => FLAGS[name] ?? `--${name.replaceAll('_', '-')}`;

const FLAGS: Readonly<Record<string, string>> = {
  process_name: '-p, --pipeline',
  environment: '-e, --environment',
  limit: '-n, --limit',
};

async function ask(
  context: Context,
  asked: AskedCommand,
  given: string | undefined,
  options: AskedOptions,
): Promise<void> {
  const { out, err } = context;
  if (asked.argument !== undefined && given === '') {
    throw new Stop(EXIT.usage, `expected a ${asked.argument.name}, but got nothing`);
  }
  const names = Object.keys(questions[asked.question]?.asks ?? {});
  const values = Object.fromEntries(
    names.map((name) => [name, name === asked.argument?.name ? given : (options[keyIn(name)] as string | undefined)]),
  );
  // What was typed wrongly is told before a ledger is opened.
  selectOf(asked.question, values, context);
  const answer = await withLedger(context, options, 'read', (ledger) =>
    whileWaiting(context, 'asking', () => answerOf(ledger, asked.question, values, context)),
  );
  const format = options.json ? 'json' : options.format;
  if (format !== 'table') printAnswer(answer, format, out);
  else if (answer.rows.length > 0) printRows(answer, asked.columns, out);
  else err.line(asked.none);
  if (answer.note !== undefined) err.line(err.paint('yellow', plain(answer.note)));
}

/** As commander names what was given for it. */
const keyIn = (name: string): string =>
  name === 'process_name' ? 'pipeline' : name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
