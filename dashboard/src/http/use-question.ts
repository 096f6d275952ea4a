import type { Query } from '../router/address.ts';
import { useAnswer } from './billed.ts';
import { ledger } from './ledger.ts';
import type { Topic } from './live.ts';
import { type Row, rowsOf } from './rows.ts';
import type { Data } from './use-data.ts';

/** The rows of a named question. SQL brings the tables up to date first, so it is asked again less often than lists are. */
export function useQuestion(
  name: string,
  given: Query,
  { on = ['runs'], everyMs = 5_000 }: { readonly on?: readonly Topic[]; readonly everyMs?: number } = {},
): Data<readonly Row[]> {
  const { value, ...data } = useAnswer(
    `${name} ${JSON.stringify(given)}`,
    name,
    (signal, asOf) => ledger.question(name, given, signal, asOf),
    { on, everyMs },
  );
  return { ...data, value: value && rowsIn(value) };
}

/** The rows of an answer are the same rows at each look, so that nothing is drawn anew without need. */
const rows = new WeakMap<object, readonly Row[]>();
function rowsIn(answer: Parameters<typeof rowsOf>[0]): readonly Row[] {
  const known = rows.get(answer) ?? rowsOf(answer);
  rows.set(answer, known);
  return known;
}
