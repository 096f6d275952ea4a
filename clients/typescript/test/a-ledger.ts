import type { Event } from '../src/event.ts';
import { Ledger, type LedgerOptions, type Receipt, type Transport } from '../src/index.ts';
import { aRuntime, type FakeRuntime } from './a-runtime.ts';

/** A transport that keeps what it is given and answers as told. */
export interface RecordingTransport extends Transport {
  readonly calls: (readonly Uint8Array[])[];
  /** What was taken, parsed. */
  readonly events: SentEvent[];
  answer: (call: number, signal: AbortSignal) => Promise<Receipt | undefined> | Receipt | undefined;
}

/** An event as it arrives: JSON. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into events as a reader of JSON does.
export type SentEvent = Event & Record<string, any>;

export function aTransport(answer: RecordingTransport['answer'] = () => undefined): RecordingTransport {
  const calls: (readonly Uint8Array[])[] = [];
  const events: SentEvent[] = [];
  return {
    calls,
    events,
    answer,
    async send(records, signal) {
      calls.push(records);
      const receipt = await this.answer(calls.length, signal);
      events.push(...eventsIn(records));
      return receipt;
    },
  };
}

export const eventsIn = (records: readonly Uint8Array[]): SentEvent[] =>
  Buffer.concat(records)
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SentEvent);

export interface LedgerUnderTest {
  readonly ledger: Ledger;
  readonly transport: RecordingTransport;
  readonly runtime: FakeRuntime;
  readonly errors: Error[];
  /** Flushes and returns all events sent so far. */
  readonly sent: () => Promise<SentEvent[]>;
}

export function aLedger(
  options: LedgerOptions = {},
  transport: RecordingTransport = aTransport(),
  runtime: FakeRuntime = aRuntime(),
): LedgerUnderTest {
  const errors: Error[] = [];
  const ledger = new Ledger({ transport, onError: (error) => errors.push(error), ...options }, runtime);
  const sent = async () => {
    await ledger.flush();
    return transport.events;
  };
  return { ledger, transport, runtime, errors, sent };
}

/** What happened, in short: `STEP_END load SUCCESS`. */
export const inShort = (events: readonly SentEvent[]): string[] =>
  events.map((event) => [event.event_type, event.step_name, event.status].filter((part) => part).join(' '));
