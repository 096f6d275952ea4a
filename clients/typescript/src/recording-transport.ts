import type { Receipt, Transport } from './transport.ts';

/** An event as it arrives. */
export type RecordedEvent = Readonly<Record<string, unknown>> & {
  readonly event_type: string;
  readonly step_name?: string;
  readonly status?: string;
};

/** Keeps events instead of sending them: for the tests of your pipelines. */
export interface RecordingTransport extends Transport {
  readonly name: string;
  /** What each call was given. */
  readonly calls: readonly (readonly Uint8Array[])[];
  /** What was taken, parsed. */
  readonly events: readonly RecordedEvent[];
  ofType(...event_types: readonly string[]): readonly RecordedEvent[];
  /** What happened: `STEP_END load SUCCESS`. */
  inShort(): readonly string[];
}

/** `answer` decides what becomes of a call; by default all is taken. */
export function recordingTransport(
  answer: (records: readonly Uint8Array[]) => Receipt | undefined = () => undefined,
): RecordingTransport {
  const calls: (readonly Uint8Array[])[] = [];
  const events: RecordedEvent[] = [];
  const take = (records: readonly Uint8Array[]): Receipt | undefined => {
    calls.push(records);
    const receipt = answer(records);
    const lines = Buffer.concat(records).toString().split('\n').slice(0, -1);
    events.push(...lines.map((line) => JSON.parse(line) as RecordedEvent));
    return receipt;
  };
  return {
    name: 'recording',
    calls,
    events,
    ofType: (...event_types) => events.filter(({ event_type }) => event_types.includes(event_type)),
    inShort: () =>
      events.map(({ event_type, step_name, status }) =>
        [event_type, step_name, status].filter((part) => part).join(' '),
      ),
    send: async (records) => take(records),
    sendSync: (records) => void take(records),
  };
}
