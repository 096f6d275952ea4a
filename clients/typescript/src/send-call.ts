import type { Line } from './event-buffer.ts';
import type { PackedRecord } from './pack.ts';
import type { Runtime } from './runtime.ts';
import { type Receipt, type Transport, TransportError } from './transport.ts';

/** The outcome of one call of the transport. */
export type CallOutcome =
  | { readonly kind: 'sent'; readonly rejected: number }
  | {
      readonly kind: 'failed';
      readonly error: Error;
      readonly unsent: readonly Line[];
      readonly retryable: boolean;
      readonly retryAfterMs: number;
    };

/** A call that takes longer is given up, and its events count as not sent. */
export const MAX_CALL_MS = 60_000;

/** Gives records to the transport and returns the outcome. Never rejects; ends when `giveUp` is aborted. */
export async function sendCall(
  records: readonly PackedRecord<Line>[],
  transport: Transport,
  giveUp: AbortSignal,
  runtime: Runtime,
): Promise<CallOutcome> {
  const call = new AbortController();
  const limit = withLimit(call, giveUp, runtime);
  try {
    const bodies = bodiesOf(records);
    // An async function turns a transport that throws at once into one that rejects.
    const sending = (async () => transport.send(bodies, call.signal))();
    const receipt = await Promise.race([sending, limit.reached]);
    return { kind: 'sent', rejected: rejectedOf(receipt) };
  } catch (error) {
    return failureOf(error, records);
  } finally {
    limit.release();
  }
}

export const bodiesOf = (records: readonly PackedRecord<Line>[]): readonly Uint8Array[] =>
  records.map((record) => Buffer.concat(record.lines.map((line) => line.bytes)));

/** Rejects when the call takes too long or `giveUp` is aborted. */
function withLimit(
  call: AbortController,
  giveUp: AbortSignal,
  runtime: Runtime,
): { reached: Promise<never>; release: () => void } {
  let release = () => {};
  const reached = new Promise<never>((_, reject) => {
    const fail = (reason: string) => {
      call.abort();
      reject(new TransportError(reason, { retryable: true }));
    };
    const onGiveUp = () => fail('Expected the events to be sent before the ledger was closed, but they were not');
    const cancel = runtime.after(MAX_CALL_MS, () =>
      fail(`Expected the transport to settle within ${MAX_CALL_MS} ms, but it did not`),
    );
    giveUp.addEventListener('abort', onGiveUp);
    release = () => {
      cancel();
      giveUp.removeEventListener('abort', onGiveUp);
    };
  });
  return { reached, release };
}

function rejectedOf(receipt: Receipt | undefined): number {
  const rejected: unknown = receipt?.rejected;
  return typeof rejected === 'number' ? rejected : 0;
}

function failureOf(thrown: unknown, records: readonly PackedRecord<Line>[]): CallOutcome {
  const error =
    thrown instanceof Error ? thrown : new Error(`Expected an Error, but the transport threw ${typeof thrown}`);
  const { retryable, unsent, retry_after_ms } =
    error instanceof TransportError ? error : { retryable: true, unsent: undefined, retry_after_ms: undefined };
  const left = unsent ? records.filter((_, index) => unsent.includes(index)) : records;
  return {
    kind: 'failed',
    error,
    unsent: left.flatMap((record) => record.lines),
    retryable,
    retryAfterMs: retry_after_ms ?? 0,
  };
}
