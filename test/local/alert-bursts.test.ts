import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../adapters/clock.ts';
import { contentHash } from '../../adapters/content-hash.ts';
import { openObjectStore } from '../../adapters/file-system/object-store.ts';
import { openSecrets } from '../../adapters/file-system/secrets.ts';
import { openAlertStore } from '../../adapters/sqlite/alert-store.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { lagOf } from '../../flows/lag.ts';
import { trackRuns } from '../../flows/track.ts';
import { startAlertLane } from '../../local/alert-lane.ts';
import { laptopChannels } from '../../local/alert-sending.ts';
import { watchTroubles } from '../../local/troubles.ts';
import { anEvent } from '../factories.ts';

let dir: string;
let live: LiveStore;
let alertStore: ReturnType<typeof openAlertStore>;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-'));
  live = openLiveStore(':memory:');
  alertStore = openAlertStore(join(dir, 'alerts.sqlite'));
});
afterEach(async () => {
  await live.close();
  await alertStore.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The lane, and how often it looked for the incidents of a pipeline to judge it. */
function startLane() {
  const judged: string[] = [];
  const { incidents } = alertStore;
  const listIncidents = (filter: Parameters<typeof incidents.listIncidents>[0]) => {
    if (filter.process_name === 'busy') judged.push(filter.process_name);
    return incidents.listIncidents(filter);
  };
  const clock = systemClock;
  const ports = {
    ...alertStore,
    ...{ incidents: { ...incidents, listIncidents }, live, store: openObjectStore(dir), clock, hash: contentHash },
    environment: 'prod',
    holidays: async () => (await import('../../adapters/holidays/holidays.ts')).openHolidays(clock.now()),
  };
  const secrets = openSecrets({ folder: dir, env: {} });
  const sending = { ...ports, ...laptopChannels({ clock, secrets, write: () => undefined }), command: 'runledger' };
  const fail = (error: unknown) => expect.unreachable(String(error));
  const health = async () => ({
    troubles: [],
    arrivals: { accepted: 0, rejected: 0 },
    lag: await lagOf(live, clock.now()),
    unsent: undefined,
  });
  const lanePorts = { ...ports, health, sending, beat: async () => undefined };
  const lane = startAlertLane(lanePorts, undefined, watchTroubles(clock, fail, fail), () => undefined);
  return { lane, judged };
}

async function arrive(run_id: string, event_type: 'RUN_START' | 'RUN_END', status: 'RUNNING' | 'FAILED') {
  const event_time = systemClock.now();
  const event_date = event_time.slice(0, 10);
  const event = anEvent({ process_name: 'busy', run_id, event_type, status, event_time, event_date });
  return (await trackRuns(live, foldRuns([event]))).transitions;
}

test('a pipeline whose runs come batch after batch is judged once for many of them', async () => {
  const { lane, judged } = startLane();
  await lane.drain();
  const before = judged.length;
  for (let batch = 0; batch < 200; batch++) lane.touched(await arrive(`run-${batch}`, 'RUN_START', 'RUNNING'));
  await lane.drain();
  expect(judged.length - before).toBe(1);
  await lane.close();
});

test('every failed run of a burst has an incident, also those that are not among the latest', async () => {
  const { lane } = startLane();
  for (let batch = 0; batch < 60; batch++) lane.touched(await arrive(`run-${batch}`, 'RUN_END', 'FAILED'));
  await lane.close();
  const open = await alertStore.incidents.listIncidents({ open: true, limit: 1000 });
  expect(new Set(open.flatMap(({ run_ids }) => run_ids)).size).toBe(60);
});
