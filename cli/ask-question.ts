import { type Answer, QueryRejectedError } from '../core/ports/answer-engine.ts';
import { questionText } from '../sql/questions.ts';
import type { Context } from './context.ts';
import { EXIT, Stop } from './exit-code.ts';
import type { OpenedLedger } from './opened-ledger.ts';

/** What a person gave to a question; what is undefined was not given. */
export type Given = Readonly<Record<string, string | undefined>>;

/** The SELECT of a named question. Throws `Stop` when what was typed as an option does not fit it. */
export function selectOf(name: string, given: Given, { io }: Pick<Context, 'io'>): string {
  const values = Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  try {
    return questionText(name, values, io.clock.now());
  } catch (cause) {
    if (!(cause instanceof QueryRejectedError)) throw cause;
    const asOption = (_: string, key: string): string => `expected --${key.replaceAll('_', '-')} as`;
    throw new Stop(EXIT.usage, cause.message.replace(/^[\w-]+: expected (\w+) as/, asOption), { cause });
  }
}

/** The rows that a named question answers, by the names of its columns. `Row` is what the question declares. */
export async function askQuestion<Row>(
  ledger: Pick<OpenedLedger, 'query'>,
  name: string,
  given: Given,
  context: Pick<Context, 'io'>,
): Promise<readonly Row[]> {
  return rowsOf<Row>(await ledger.query(selectOf(name, given, context)));
}

export const rowsOf = <Row>({ columns, rows }: Answer): readonly Row[] =>
  rows.map((row) => Object.fromEntries(columns.map((column, at) => [column.name, row[at] ?? null])) as Row);
