import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { Incident, IncidentChange } from '../../core/alert/incident.ts';
import type { Notice } from '../../core/alert/notice.ts';
import type { Channel } from '../../core/ports/channel.ts';
import { contractTests, type Gap } from './gap.ts';

export interface OpenedChannel {
  readonly channel: Channel;
  /** A channel of the same kind that delivers nothing. */
  readonly broken: Channel;
  /** How many messages came where the channel sends them. */
  readonly arrived: () => number;
}

export const anIncident = (overrides: Partial<Incident> = {}): Incident => ({
  id: '["prod","customer_daily","run run-1",1]',
  environment: 'prod',
  process_name: 'customer_daily',
  slot: 'run run-1',
  occurrence: 1,
  status: 'open',
  severity: 'P1',
  reasons: [
    {
      reason: 'FAILED',
      severity: 'P1',
      occurred_at: '2025-11-03T12:00:00.000Z',
      detected_at: '2025-11-03T12:01:00.000Z',
      text: 'failed in load: D201',
      run_id: 'run-1',
    },
  ],
  run_ids: ['run-1'],
  occurred_at: '2025-11-03T12:00:00.000Z',
  detected_at: '2025-11-03T12:01:00.000Z',
  notified_at: '2025-11-03T12:01:00.000Z',
  outbox: [],
  changes: 1,
  ...overrides,
});

export const aChange = (overrides: Partial<IncidentChange> = {}): IncidentChange => ({
  number: 1,
  kind: 'opened',
  at: '2025-11-03T12:01:00.000Z',
  reasons: ['FAILED'],
  ...overrides,
});

export const aNotice = (overrides: Partial<Notice> = {}): Notice => ({
  kind: 'opened',
  severity: 'P1',
  environment: 'prod',
  process_name: 'customer_daily',
  run_id: 'run-1',
  thread: 'prod/customer_daily/run-1',
  title: 'customer_daily failed in prod: D201',
  lines: ['12:00 STEP_END load FAILED', '12:01 RUN_END FAILED'],
  next_steps: ['runledger show run-1'],
  facts: { error_code: 'D201', advice: 'The data is wrong.' },
  links: [{ title: 'Runbook', url: 'https://wiki.example.com/customer_daily' }],
  told: [{ incident: anIncident(), change: aChange() }],
  ...overrides,
});

/** What every `Channel` does. */
export function channelContract(name: string, open: () => Promise<OpenedChannel>, gaps: readonly Gap[] = []): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour = (sentence: string, body: (opened: OpenedChannel) => Promise<void>) =>
    contractTest(sentence, async () => body(await open()));

  describe(`${name} is a channel`, () => {
    behaviour('a notice that was delivered has a receipt with the id of its message', async ({ channel }) => {
      expect(await channel.send(aNotice())).toEqual({
        channel: expect.stringMatching(/^\w+$/),
        delivered: true,
        message_id: expect.stringMatching(/./),
      });
    });

    behaviour('each sending is a message of its own, even of the same notice', async ({ channel, arrived }) => {
      expect(await channel.send(aNotice())).toMatchObject({ delivered: true });
      expect(arrived()).toBe(1);
      expect(await channel.send(aNotice())).toMatchObject({ delivered: true });
      expect(arrived()).toBe(2);
    });

    behaviour('a notice may be of any size and hold any text', async ({ channel }) => {
      for (const notice of fc.sample(anyNotice, { numRuns: 20, seed: 7 }))
        expect(await channel.send(notice)).toMatchObject({ delivered: true });
    });

    behaviour(
      'what cannot be delivered is a receipt that says why, and never an error',
      async ({ channel, broken }) => {
        const { channel: name } = await channel.send(aNotice());
        expect(await broken.send(aNotice())).toEqual({
          channel: name,
          delivered: false,
          why: expect.stringMatching(/\w/),
        });
      },
    );

    checkGaps();
  });
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }).map((text) => text.toWellFormed()),
  fc.integer({ min: 0, max: 12_000 }).map((length) => '\u{1F600}'.repeat(length / 2)),
);
const anyTold = fc
  .record({ environment: anyText, process_name: anyText, slot: anyText, text: anyText })
  .map(({ text, ...subject }) => ({
    incident: anIncident({ ...subject, reasons: anIncident().reasons.map((each) => ({ ...each, text })) }),
    change: aChange(),
  }));
export const anyNotice: fc.Arbitrary<Notice> = fc.record({
  kind: fc.constantFrom('opened' as const, 'upgraded' as const, 'acknowledged' as const, 'resolved' as const),
  severity: fc.constantFrom('P1' as const, 'P2' as const, 'P3' as const),
  environment: anyText,
  process_name: anyText,
  run_id: anyText,
  thread: anyText,
  title: anyText,
  lines: fc.array(anyText, { maxLength: 60 }),
  next_steps: fc.array(anyText, { maxLength: 20 }),
  facts: fc.dictionary(anyText, anyText, { maxKeys: 30 }),
  told: fc.array(anyTold, { minLength: 1, maxLength: 3 }),
  links: fc.constant([{ title: 'Runbook', url: 'https://wiki.example.com/a' }]),
});
