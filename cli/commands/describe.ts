import type { Command } from 'commander';
import { nearest } from '../../core/nearest.ts';
import type { Columns } from '../../core/schema/column-type.ts';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import { questions } from '../../sql/questions.ts';
import { typeName } from '../../sql/type-names.ts';
import { type Context, example, printJson } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { tableOf } from '../screen/table.ts';

interface Described {
  readonly name: string;
  readonly kind: 'table' | 'view' | 'question';
  readonly comment: string;
  readonly columns: Columns;
}

/** Adds the command `describe`. It asks no ledger: all have the same tables. */
export function addDescribe(program: Command, context: Context): void {
  const command = program
    .command('describe [name]')
    .summary('say what a table, a view or a question has')
    .description('Lists the tables, views and questions; of one of them, its columns with their types and meanings.')
    .option('--json', 'print JSON')
    .action((name: string | undefined, options: { readonly json?: true }) => describe(context, name, options));
  example(command, 'runledger describe', 'runledger describe current_runs');
}

const all = (): readonly Described[] => [
  ...TABLES.map((table) => ({ ...table, kind: 'table' as const })),
  ...VIEWS.map((view) => ({ ...view, kind: 'view' as const })),
  ...Object.values(questions).map(({ summary, ...question }) => ({
    ...question,
    comment: summary,
    kind: 'question' as const,
  })),
];

async function describe(context: Context, name: string | undefined, { json }: { readonly json?: true }): Promise<void> {
  const { out, io } = context;
  if (name === undefined) {
    const rows = all().map(({ kind, name, comment }) => ({ kind, name, comment }));
    if (json) return printJson(context, rows);
    return print(
      context,
      ['kind', 'name', 'what it is'],
      rows.map((row) => [row.kind, row.name, row.comment]),
    );
  }
  const found = all().find((each) => each.name === name);
  if (found === undefined) {
    const near = nearest(
      name,
      all().map((each) => each.name),
    );
    throw new Stop(
      EXIT.notFound,
      `there is no table, view or question ${name}; ${near === undefined ? `\`${io.program} describe\` lists them` : `did you mean ${near}?`}`,
    );
  }
  const columns = Object.entries(found.columns).map(([column, { type, comment }]) => ({
    name: column,
    type: typeName(type, 'trino'),
    comment,
  }));
  if (json) return printJson(context, { name, kind: found.kind, comment: found.comment, columns });
  out.line(`${out.paint('bold', found.name)}  ${found.kind}. ${found.comment}`);
  out.line();
  print(
    context,
    ['column', 'type', 'meaning'],
    columns.map((column) => [column.name, column.type, column.comment]),
  );
}

function print(
  { out }: Context,
  [first = '', second = '', third = '']: readonly string[],
  rows: readonly string[][],
): void {
  const columns = [
    { head: first, keep: true },
    { head: second, least: 8 },
    { head: third, least: 20 },
  ];
  const lines = tableOf(columns, rows, out) ?? tableOf(columns, rows, { ...out, width: undefined }) ?? [];
  for (const line of lines) out.line(line);
}
