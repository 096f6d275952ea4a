import { Unreachable } from '../../adapters/http/client.ts';
import { type EventSink, MAX_REASONS, OverloadedError, type Taken } from '../../core/ports/event-sink.ts';
import type { Io } from '../io.ts';

const MAX_BATCH_BYTES = 4 * 1024 * 1024;
const MAX_BATCH_RECORDS = 500;
/** One is accepted while the next is read and on its way. */
const MAX_UNDER_WAY = 2;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5_000;
/** About five minutes. */
const MAX_TRIES = 64;
const TRIES_UNTOLD = 4;

/** Called while records are sent. */
export interface Listener {
  readonly onSent?: ((counts: Taken) => void) | undefined;
  /** The ledger has not taken a batch for about two seconds, and this is why. Called once for each batch. */
  readonly onWaiting?: ((why: Error) => void) | undefined;
  /** Aborted: what is on its way is waited for, and nothing more is sent. */
  readonly signal?: AbortSignal | undefined;
}

/** What was taken, and what kept it from being all. */
export interface Sent {
  readonly counts: Taken;
  /** Why it ended before everything was sent: the source's failure, or the ledger's. */
  readonly failure?: { readonly of: 'source' | 'ledger'; readonly error: unknown };
}

/**
 * Sends records in batches of at most 4 MiB. When the ledger is busy it is asked again, later and later; so too when it
 * was there and does not answer any more: lines that were taken are known by their content.
 */
export async function sendAll(
  ledger: EventSink,
  records: AsyncIterable<Uint8Array>,
  pause: Io['pause'],
  { onSent, onWaiting, signal }: Listener = {},
): Promise<Sent> {
  let counts: Taken = NOTHING;
  let failure: Sent['failure'];
  const underWay = new Set<Promise<void>>();

  const send = async (batch: readonly Uint8Array[]): Promise<void> => {
    try {
      const landed = await sendPatiently(ledger, batch, (error, tries) => {
        const canPass = error instanceof OverloadedError || (error instanceof Unreachable && counts.received > 0);
        if (!canPass || tries === MAX_TRIES || signal?.aborted) throw error;
        if (tries === TRIES_UNTOLD) onWaiting?.(error);
        return pause(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (tries - 1)), signal);
      });
      counts = sumOf(counts, landed);
      onSent?.(counts);
    } catch (error) {
      failure ??= { of: 'ledger', error };
    }
  };

  const batches = batchesOf(records);
  while (failure === undefined && !signal?.aborted) {
    const next = await batches.next().catch((error: unknown) => {
      failure ??= { of: 'source', error };
    });
    if (next === undefined || next.done || signal?.aborted) break;
    const sending = send(next.value).finally(() => underWay.delete(sending));
    underWay.add(sending);
    if (underWay.size >= MAX_UNDER_WAY) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  await batches.return(undefined);
  return { counts, ...(failure === undefined ? {} : { failure }) };
}

async function sendPatiently(
  ledger: EventSink,
  batch: readonly Uint8Array[],
  /** Resolves when it is time for another try; throws when there is no sense in one. */
  nextTry: (error: unknown, tries: number) => Promise<void>,
): Promise<Taken> {
  for (let tries = 1; ; tries++) {
    try {
      return await ledger.send(batch);
    } catch (error) {
      await nextTry(error, tries);
    }
  }
}

/** What was read before the source failed is given before its failure. */
async function* batchesOf(records: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[], undefined> {
  let batch: Uint8Array[] = [];
  let sizeBytes = 0;
  try {
    for await (const record of records) {
      if (batch.length > 0 && (sizeBytes + record.length > MAX_BATCH_BYTES || batch.length === MAX_BATCH_RECORDS)) {
        yield batch;
        batch = [];
        sizeBytes = 0;
      }
      batch.push(record);
      sizeBytes += record.length;
    }
  } catch (error) {
    if (batch.length > 0) yield batch;
    throw error;
  }
  if (batch.length > 0) yield batch;
  return undefined;
}

/** Adds up counts; the first reasons stay. */
export function sumOf(a: Taken, b: Taken): Taken {
  const counts = {
    received: a.received + b.received,
    accepted: a.accepted + b.accepted,
    rejected: a.rejected + b.rejected,
  };
  const reasons = [...(a.reasons ?? []), ...(b.reasons ?? [])].slice(0, MAX_REASONS);
  return reasons.length === 0 ? counts : { ...counts, reasons };
}

export const NOTHING: Taken = { received: 0, accepted: 0, rejected: 0 };
