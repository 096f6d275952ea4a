import { EXIT, Stop } from '../exit-code.ts';
import type { OpenedLedger } from '../opened-ledger.ts';
import { keysBeginning } from './rejected-lines.ts';

/** The whole key that a person typed the beginning of. Throws `Stop` when there is none, or several. */
export async function wholeKey(ledger: OpenedLedger, start: string): Promise<string> {
  if (!/^[0-9a-f]{4,32}$/i.test(start)) {
    throw new Stop(EXIT.usage, `expected a key or its beginning, 4 to 32 of the digits 0-9 and a-f, but got ${start}`);
  }
  const [first, second] = await keysBeginning(ledger, start);
  if (first === undefined) throw notFound(start);
  if (second !== undefined) throw new Stop(EXIT.usage, `several keys begin with ${start}; give more of it`);
  return first;
}

/** There is no such rejection. */
export const notFound = (start: string): Stop =>
  new Stop(EXIT.notFound, `there is no rejected line whose key begins with ${start}`);

export const wholeKeys = (ledger: OpenedLedger, starts: readonly string[]): Promise<readonly string[]> =>
  Promise.all(starts.map((start) => wholeKey(ledger, start)));
