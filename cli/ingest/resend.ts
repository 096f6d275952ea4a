import { CUT_MARK } from '../../core/accept/accept-line.ts';
import { resentLine } from '../../core/accept/resent-line.ts';
import { errorMessage } from '../../core/error-message.ts';
import type { Taken } from '../../core/ports/event-sink.ts';
import type { Io } from '../io.ts';
import type { OpenedLedger } from '../opened-ledger.ts';
import { keyGroups, rejectionsOf } from './rejected-lines.ts';
import { sendAll } from './send-all.ts';

type Sent = Pick<OpenedLedger, 'query' | 'send'>;

/** Which rejected lines to send again, and what to change in them. */
export interface Resend {
  /** Undefined: every open one of the kinds. */
  readonly keys: readonly string[] | undefined;
  readonly kinds: readonly string[];
  /** Fields to set, on the lines that are JSON objects. */
  readonly set: Readonly<Record<string, string>>;
}

/** What became of them. */
export interface Resent extends Taken {
  /** Lines that the ledger keeps cut, which cannot be sent. */
  readonly cut: number;
}

/** Sends rejected lines again, each under the key of its rejection: one that is rejected once more is still one. */
export async function resend(ledger: Sent, { keys, kinds, set }: Resend, pause: Io['pause']): Promise<Resent> {
  let cut = 0;
  async function* records(): AsyncGenerator<Uint8Array> {
    for await (const group of keys ? [keys] : keyGroups(ledger, kinds)) {
      for (const { rejection_key, payload } of await rejectionsOf(ledger, group)) {
        if (payload.endsWith(CUT_MARK)) cut += 1;
        else yield Buffer.from(`${resentLine({ rejection_key, line: withFields(payload, set) })}\n`);
      }
    }
  }
  const { counts, failure } = await sendAll(ledger, records(), pause);
  if (failure === undefined) return { ...counts, cut };
  const why = errorMessage(failure.error);
  throw new Error(`${why}; ${counts.received} lines were sent again before that`, { cause: failure.error });
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
