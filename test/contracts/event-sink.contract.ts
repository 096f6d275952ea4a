import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { type EventSink, OverloadedError } from '../../core/ports/event-sink.ts';
import { contractTests, type Gap } from './gap.ts';

export interface OpenedSink {
  readonly sink: EventSink;
  /** How many lines, accepted or rejected, can be read behind it by now. */
  taken(): Promise<number>;
  /** From now on too much is under way. */
  overload(): void;
  close?(): Promise<void>;
}

/** What every `EventSink` does. `open` gives one that has taken nothing each time. */
export function eventSinkContract(name: string, open: () => Promise<OpenedSink>, gaps: readonly Gap[] = []): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour = (sentence: string, body: (opened: OpenedSink) => Promise<void>) =>
    contractTest(sentence, async () => {
      const opened = await open();
      try {
        await body(opened);
      } finally {
        await opened.close?.();
      }
    });

  describe(`${name} is an event sink`, () => {
    behaviour('resolves once what it took is there to be read', async ({ sink, taken }) => {
      expect(await sink.send([bytes(`${event(1)}\n${event(2)}\n`), bytes(event(3))])).toEqual({
        received: 3,
        accepted: 3,
        rejected: 0,
      });
      await expect.poll(taken, POLL).toBe(3);
    });

    behaviour('received = accepted + rejected = the lines that are not blank', async ({ sink, taken }) => {
      let sent = 0;
      for (const records of fc.sample(anyRecords, { numRuns: 10, seed: 11 })) {
        const counts = await sink.send(records.map((lines) => bytes(lines.join('\n'))));
        const lines = records.flat().filter((line) => line.trim() !== '').length;
        expect(counts.received).toBe(lines);
        expect(counts.accepted + counts.rejected).toBe(lines);
        sent += lines;
      }
      await expect.poll(taken, POLL).toBe(sent);
    });

    behaviour('a line that is no event is counted as rejected, and the others are not harmed', async ({ sink }) => {
      expect(await sink.send([bytes(`${event(1)}\nnot json\n${event(2)}`)])).toMatchObject({
        received: 3,
        accepted: 2,
        rejected: 1,
      });
    });

    behaviour('nothing to send is nothing received', async ({ sink, taken }) => {
      const none = { received: 0, accepted: 0, rejected: 0 };
      expect(await sink.send([])).toEqual(none);
      expect(await sink.send([bytes(''), bytes(' \r\n\n')])).toEqual(none);
      expect(await taken()).toBe(0);
    });

    behaviour('what is sent at the same time is counted for each sender', async ({ sink, taken }) => {
      const counts = await Promise.all(
        [1, 2, 3, 4].map((count) => sink.send([bytes(Array.from({ length: count }, (_, at) => event(at)).join('\n'))])),
      );
      expect(counts.map(({ received }) => received)).toEqual([1, 2, 3, 4]);
      await expect.poll(taken, POLL).toBe(10);
    });

    behaviour('with too much under way it refuses with OverloadedError and takes nothing', async (opened) => {
      const { sink, taken, overload } = opened;
      await sink.send([bytes(event(1))]);
      overload();
      await expect(sink.send([bytes(event(2))])).rejects.toThrow(OverloadedError);
      await expect.poll(taken, POLL).toBe(1);
    });

    checkGaps();
  });
}

const POLL = { timeout: 20_000 };

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const event = (index: number): string =>
  JSON.stringify({ process_name: 'daily_orders', run_id: `run-${index}`, event_type: 'RUN_END', status: 'SUCCESS' });

const anyLine = fc.oneof(fc.nat(1_000).map(event), fc.constantFrom('', ' ', '\t', event(0).concat('\r')));
const anyRecords = fc.array(fc.array(anyLine, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 });
