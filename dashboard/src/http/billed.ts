import { useEffect, useMemo, useState } from 'preact/hooks';
import { UnderWay } from './ask.ts';
import { agree, asOfOf, deployed, mayAsk, noteAsOf, noteCost, onAgreed } from './deployed.ts';
import type { Answer } from './ledger.ts';
import type { Topic } from './live.ts';
import { type Data, useData } from './use-data.ts';

/*
 * Questions that are billed where the ledger is deployed. There each waits until the reader agrees, is asked once, and
 * stays as it was answered until the reader asks anew. Elsewhere they are data like all others.
 */

/** A question that a view shows, as the line above the view tells of it. */
export interface Shown {
  readonly name: string;
  /** It is not asked before the reader agrees. */
  readonly isWaiting: boolean;
  readonly scanned_bytes: number | undefined;
  readonly as_of: string | undefined;
  readonly again: () => void;
}

const shown = new Map<symbol, Shown>();
const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};

/** Every question of the view that is billed. */
export function useShown(): readonly Shown[] {
  const [all, setAll] = useState<readonly Shown[]>([]);
  useEffect(() => {
    const update = (): void => setAll([...shown.values()]);
    listeners.add(update);
    update();
    return () => void listeners.delete(update);
  }, []);
  return all;
}

/** How often a question that is still under way is asked about. */
const PAUSE_MS = 1_000;

/** Asks until the answer is there. What is asked again is asked as of the same moment, so that nothing is read twice. */
async function untilAnswered(
  key: string,
  load: (signal: AbortSignal, asOf: string | undefined) => Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  for (;;) {
    try {
      const answer = await load(signal, asOfOf(key));
      noteAsOf(key, answer.as_of);
      return answer;
    } catch (error) {
      if (!(error instanceof UnderWay)) throw error;
      noteAsOf(key, error.asOf);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      signal.throwIfAborted();
    }
  }
}

export function useAnswer(
  key: string,
  name: string,
  load: (signal: AbortSignal, asOf: string | undefined) => Promise<Answer>,
  { on = [], everyMs = 5_000 }: { readonly on?: readonly Topic[]; readonly everyMs?: number } = {},
): Data<Answer> {
  const isBilled = deployed() !== undefined;
  const [, setCount] = useState(0);
  useEffect(() => (isBilled ? onAgreed(() => setCount((count) => count + 1)) : undefined), [isBilled]);
  const waits = isBilled && !mayAsk() && asOfOf(key) === undefined;
  const data = useData<Answer>(
    key,
    (signal) => (isBilled ? untilAnswered(key, load, signal) : load(signal, undefined)),
    { on: isBilled ? [] : on, everyMs, waits, asksOnce: isBilled },
  );
  const { value, isLoading, error } = data;
  const isWaiting = waits && value === undefined;
  const again = useMemo(
    () => () => {
      if (isBilled) {
        agree();
        noteAsOf(key, undefined);
      }
      data.reload();
    },
    [key, isBilled, data.reload],
  );
  const { scanned_bytes, as_of } = value ?? {};
  useEffect(() => {
    if (!isBilled) return;
    const id = Symbol(name);
    if (scanned_bytes !== undefined) noteCost(name, scanned_bytes);
    shown.set(id, { name, isWaiting, scanned_bytes, as_of, again });
    tell();
    return () => {
      shown.delete(id);
      tell();
    };
  }, [isBilled, name, isWaiting, scanned_bytes, as_of, again]);
  return { value, error, isLoading: isLoading && !isWaiting, reload: again };
}
