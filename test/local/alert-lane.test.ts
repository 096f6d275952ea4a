import { expect, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { RunTransition } from '../../core/ports/live-runs.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { trackRuns } from '../../flows/track.ts';
import { startAlertLane } from '../../local/alert-lane.ts';
import { watchTroubles } from '../../local/troubles.ts';
import { anEvent } from '../factories.ts';
import { faultsOf } from '../fakes/faulty.ts';
import { fakeIncidentStore } from '../fakes/incident-store.ts';
import { aNotificationLog } from '../fakes/notification-log.ts';
import { aStore } from '../fakes/object-store.ts';
import { fakePipelineWatches } from '../fakes/pipeline-watches.ts';

const NOW = '2025-11-03T12:00:00.000Z';

test('a run whose pipeline cannot be judged is judged at the next tick, though nothing more is heard of it', async () => {
  const faults = faultsOf({ port: 'incidents', method: 'changeIncident', nth: 0, manner: 'before' });
  const incidents = fakeIncidentStore();
  const live = openLiveStore(':memory:');
  const clock = { now: () => NOW };
  const store = aStore();
  const base = { live, store, clock, incidents: faults.wrap('incidents', incidents), watches: fakePipelineWatches() };
  const told: string[] = [];
  const sending = {
    ...base,
    ...{ notificationLog: aNotificationLog(), hash: (text: string) => text.slice(0, 40), command: 'runledger' },
    otherwise: {
      console: {
        send: async ({ title }: { title: string }) => {
          told.push(title);
          return { channel: 'console', delivered: true as const, message_id: 'm' };
        },
      },
    },
    channelOf: () => {
      throw new Error('there are no routes');
    },
  };
  const troubles: string[] = [];
  const lane = startAlertLane(
    {
      ...base,
      sending,
      environment: 'prod',
      hash: contentHash,
      holidays: async () => ({ datesOf: () => undefined }),
      health: async () => ({}),
      beat: async () => undefined,
    },
    undefined,
    watchTroubles(
      clock,
      (error) => troubles.push(String(error)),
      () => undefined,
    ),
    () => undefined,
  );
  const failed = anEvent({
    process_name: 'orders',
    event_type: 'RUN_END',
    status: 'FAILED',
    event_time: NOW,
    end_time: NOW,
  });
  await lane.drain();
  const transitions: readonly RunTransition[] = (await trackRuns(live, foldRuns([failed]))).transitions;
  lane.touched(transitions);
  await lane.drain();
  await lane.close();
  expect(troubles).toEqual([expect.stringContaining('Expected to judge the pipeline orders of prod')]);
  expect(told).toEqual(['orders failed']);
});
