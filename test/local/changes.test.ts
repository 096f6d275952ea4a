import { expect, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { trackRuns } from '../../flows/track.ts';
import type { LedgerChange } from '../../ledger/changes.ts';
import { announceChanges } from '../../local/changes.ts';
import { anEvent } from '../factories.ts';
import { fakeIncidentStore } from '../fakes/incident-store.ts';

const subject = { environment: 'prod', process_name: 'orders', slot: 'run r' };

test('a run is announced when it changes, and not when it is told again', async () => {
  const { merged, watchChanges } = announceChanges();
  const live = openLiveStore(':memory:');
  const told: LedgerChange[] = [];
  const stop = watchChanges((change) => told.push(change));
  const runs = foldRuns([anEvent({ process_name: 'orders', run_id: 'r', event_type: 'RUN_START' })]);
  for (let time = 0; time < 2; time++) merged((await trackRuns(live, runs)).transitions);
  expect(told).toMatchObject([{ kind: 'runs', runs: [{ process_name: 'orders', run_id: 'r' }] }]);
  stop();
  merged((await trackRuns(live, foldRuns([anEvent({ run_id: 'other' })]))).transitions);
  expect(told).toHaveLength(1);
  await live.close();
});

test('an incident is announced when it changes, whoever changes it, and not when it is left as it was', async () => {
  const { ofIncidents, watchChanges } = announceChanges();
  const told: LedgerChange[] = [];
  watchChanges((change) => told.push(change));
  const store = ofIncidents(fakeIncidentStore());
  await store.changeIncident(subject, (stored) => stored);
  await store.changeIncident(subject, () => undefined);
  expect(told).toEqual([]);
});
