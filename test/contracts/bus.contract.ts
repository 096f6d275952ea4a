import { describe, expect } from 'vitest';
import type { IncidentData } from '../../core/alert/incident-data.ts';
import type { LedgerEvent } from '../../core/alert/ledger-event.ts';
import type { Bus } from '../../core/ports/bus.ts';
import { contractTests, type Gap } from './gap.ts';

export interface OpenedBus {
  readonly bus: Bus;
  /** What subscribers have received so far, in any order. */
  published(): Promise<readonly LedgerEvent[]>;
  /** A bus that takes nothing. */
  readonly broken: Bus;
}

/** What every `Bus` does. `open` gives one on which nothing was published each time. */
export function busContract(name: string, open: () => Promise<OpenedBus>, gaps: readonly Gap[] = []): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour = (sentence: string, body: (opened: OpenedBus) => Promise<void>) =>
    contractTest(sentence, async () => body(await open()));

  describe(`${name} is a bus`, () => {
    behaviour('every event reaches the subscribers, whole', async ({ bus, published }) => {
      const events: readonly LedgerEvent[] = [
        { type: 'Events Compacted', detail: { objects: 3, inserted: 9_007_199_254_740_991 } },
        { type: 'Metrics Aggregated', detail: { run_dates: ['2025-11-03', '2025-11-04'] } },
        { type: 'Incident Opened', detail: OPENED },
      ];
      await bus.publish(events);
      await expect.poll(() => sorted(published()), POLL).toEqual(await sorted(events));
    });

    behaviour('more events than one call takes are all published', async ({ bus, published }) => {
      await bus.publish(silences(1, 23));
      await expect.poll(() => sorted(published()), POLL).toEqual(await sorted(silences(1, 23)));
    });

    behaviour('publishing nothing publishes nothing', async ({ bus, published }) => {
      await bus.publish([]);
      expect(await published()).toEqual([]);
    });

    behaviour('those that publish at the same time do not lose events of each other', async ({ bus, published }) => {
      await Promise.all([0, 1, 2].map((each) => bus.publish(silences(each * 100, 4))));
      const all = [0, 1, 2].flatMap((each) => silences(each * 100, 4));
      await expect.poll(() => sorted(published()), POLL).toEqual(await sorted(all));
    });

    behaviour('when an event cannot be published, publishing throws', async ({ broken }) => {
      await expect(broken.publish(silences(1, 1))).rejects.toThrow();
    });

    checkGaps();
  });
}

const POLL = { timeout: 20_000 };

const silences = (from: number, count: number): readonly LedgerEvent[] =>
  Array.from({ length: count }, (_, at) => ({ type: 'Runs Silent', detail: { runs: from + at } }));

const sorted = async (
  events: readonly LedgerEvent[] | Promise<readonly LedgerEvent[]>,
): Promise<readonly LedgerEvent[]> =>
  [...(await events)].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

const OPENED = {
  id: '["prod","customer_daily","run run-1",1]',
  change: 'opened',
  pipeline: 'customer_daily: Überlauf \u{1F600}\n\tat line 1',
  environment: 'prod',
  slot: 'run run-1',
  status: 'open',
  severity: 'P1',
  reasons: ['FAILED'],
  run_ids: ['run-1'],
  held_up: [],
  occurred_at: '2025-11-03T12:05:00.000Z',
  detected_at: '2025-11-03T12:05:01.000Z',
  notified_at: '2025-11-03T12:05:01.000Z',
  acknowledged_at: null,
  resolved_at: null,
} satisfies IncidentData;
