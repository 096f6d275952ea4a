import { errorMessage } from '../../core/error-message.ts';
import type { IngestCounts } from '../../core/ports/event-sink.ts';
import type { Io } from '../io.ts';
import type { OpenedLedger } from '../opened-ledger.ts';
import { keyGroups, rejectionsOf } from './rejected-lines.ts';
import { sendAll } from './send-all.ts';

type Sent = Pick<OpenedLedger, 'query' | 'send'>;

/** Which rejected lines to send again, and what to change in them. */
export interface Resend {
  /** Undefined: every one of the kinds. */
  readonly keys: readonly string[] | undefined;
  readonly kinds: readonly string[];
  /** Fields to set, on the lines that are JSON objects. */
  readonly set: Readonly<Record<string, string>>;
}

/** Sends rejected lines again. Those that are rejected once more stay as they are. */
export async function resend(ledger: Sent, { keys, kinds, set }: Resend, pause: Io['pause']): Promise<IngestCounts> {
  const { counts, failure } = await sendAll(
    ledger,
    recordsOf(ledger, keys ? [keys] : keyGroups(ledger, kinds), set),
    pause,
  );
  if (failure === undefined) return counts;
  const why = errorMessage(failure.error);
  throw new Error(`${why}; ${counts.received} lines were sent again before that`, { cause: failure.error });
}

async function* recordsOf(
  ledger: Sent,
  groups: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  set: Resend['set'],
): AsyncGenerator<Uint8Array> {
  for await (const keys of groups) {
    for (const { payload } of await rejectionsOf(ledger, keys)) yield Buffer.from(`${withFields(payload, set)}\n`);
  }
}

/** The line with these fields set; unchanged when it is no JSON object, or there is nothing to set. */
export function withFields(payload: string, set: Resend['set']): string {
  if (Object.keys(set).length === 0) return payload;
  try {
    const value: unknown = JSON.parse(payload);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return payload;
    return JSON.stringify({ ...value, ...set });
  } catch {
    return payload;
  }
}
