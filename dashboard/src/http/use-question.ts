import type { Query } from '../router/address.ts';
import { ledger } from './ledger.ts';
import type { Topic } from './live.ts';
import { type Row, rowsOf } from './rows.ts';
import { type Data, useData } from './use-data.ts';

/** The rows of a named question. SQL brings the tables up to date first, so it is asked again less often than lists are. */
export function useQuestion(
  name: string,
  given: Query,
  { on = ['runs'], everyMs = 5_000 }: { readonly on?: readonly Topic[]; readonly everyMs?: number } = {},
): Data<readonly Row[]> {
  return useData(
    `${name} ${JSON.stringify(given)}`,
    async (signal) => rowsOf(await ledger.question(name, given, signal)),
    { on, everyMs },
  );
}
