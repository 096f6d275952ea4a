import { rowsOf } from '../core/answer-rows.ts';
import { type Answer, QueryRejectedError } from '../core/ports/answer-engine.ts';
import { questionText } from '../sql/questions.ts';
import type { Context } from './context.ts';
import { EXIT, Stop } from './exit-code.ts';
import type { OpenedLedger } from './opened-ledger.ts';

/** What a person gave to a question; what is undefined was not given. */
export type Given = Readonly<Record<string, string | undefined>>;

const valuesIn = (given: Given): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));

/** The SELECT of a named question. Throws `Stop` when what was typed as an option does not fit it. */
export function selectOf(name: string, given: Given, { io }: Pick<Context, 'io'>): string {
  try {
    return questionText(name, valuesIn(given), io.clock.now());
  } catch (cause) {
    if (!(cause instanceof QueryRejectedError)) throw cause;
    const asOption = (_: string, key: string): string => `expected --${key.replaceAll('_', '-')} as`;
    throw new Stop(EXIT.usage, cause.message.replace(/^[\w-]+: expected (\w+) as/, asOption), { cause });
  }
}

/** The answer of a named question: by its name where the ledger takes it, else by its SQL. Throws as `selectOf`. */
export function answerOf(
  ledger: Pick<OpenedLedger, 'query' | 'ask'>,
  name: string,
  given: Given,
  context: Pick<Context, 'io'>,
): Promise<Answer> {
  const select = selectOf(name, given, context);
  return ledger.ask === undefined ? ledger.query(select) : ledger.ask(name, valuesIn(given));
}

/** The rows that a named question answers, by the names of its columns. `Row` is what the question declares. */
export async function askQuestion<Row>(
  ledger: Pick<OpenedLedger, 'query' | 'ask'>,
  name: string,
  given: Given,
  context: Pick<Context, 'io'>,
): Promise<readonly Row[]> {
  return rowsOf<Row>(await answerOf(ledger, name, given, context));
}
