import { describe, expect, test } from 'vitest';
import type { TableSettings } from '../../../adapters/dynamodb/access.ts';
import { openIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { openLiveStore } from '../../../adapters/dynamodb/live-store.ts';
import { openPipelineWatches } from '../../../adapters/dynamodb/pipeline-watches.ts';
import { openRecoveryStore } from '../../../adapters/dynamodb/recovery-store.ts';
import { decided, newRecovery, type RecoveryKey } from '../../../core/recovery/recovery.ts';
import { openIncident } from '../../contracts/incident-store.contract.ts';
import { track } from '../../contracts/live-store/runs.ts';
import { clock } from './fakes.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const LATER = '2025-11-09T12:00:00.000Z';
/** Names that the keys of something else begin with. */
const NAMES = [
  'orders',
  'incident#orders',
  'incident',
  'watch',
  'watch#orders',
  'run',
  'run#orders',
  'recovery#orders',
];
const aRecovery = (key: RecoveryKey) =>
  decided(newRecovery(key), { at: NOW, kind: 'no', reason: 'PAUSED', text: '', run_id: key.slot, run_attempt: 1 });

/** Runs, incidents, watches and recoveries share a table and its indexes. `newTable` gives an empty one each time. */
export function oneTableBehaviour(newTable: () => Promise<TableSettings>): void {
  describe('one table of runs, incidents, watches and recoveries', () => {
    test('none is taken for another, whatever their pipelines are called', async () => {
      const table = await newTable();
      const live = openLiveStore({ ...table, clock });
      const incidents = openIncidentStore(table);
      const watches = openPipelineWatches(table);
      const recoveries = openRecoveryStore(table);
      for (const process_name of NAMES) {
        const key = { environment: 'prod', process_name };
        await track(live, { ...key, run_id: process_name, lease_ms: 1_000 });
        await openIncident(incidents, { ...key, slot: process_name }, NOW);
        await watches.changeWatch(key, () => ({ ...key, since: NOW, judged_until: NOW, next_check: NOW }));
        await recoveries.changeRecovery({ ...key, slot: process_name }, () =>
          aRecovery({ ...key, slot: process_name }),
        );
      }
      for (const process_name of NAMES) {
        expect(await live.listRuns({ process_name, limit: 10 })).toMatchObject([{ run_id: process_name }]);
        expect(await live.listRuns({ run_id: process_name, limit: 10 })).toMatchObject([{ process_name }]);
        expect(await incidents.listIncidents({ process_name, limit: 10 })).toMatchObject([{ slot: process_name }]);
        expect(await incidents.listIncidents({ process_name, open: true, limit: 10 })).toHaveLength(1);
        expect(await recoveries.listRecoveries({ process_name, limit: 10 })).toMatchObject([{ slot: process_name }]);
      }
      expect(await live.listRuns({ limit: 100 })).toHaveLength(NAMES.length);
      expect(await live.listRuns({ open: true, limit: 100 })).toHaveLength(NAMES.length);
      expect(await live.dueRuns(LATER, 100)).toHaveLength(NAMES.length);
      expect(await live.countOpenRuns(NOW)).toEqual({ open_runs: NAMES.length, lost_runs: 0 });
      expect(await incidents.listIncidents({ limit: 100 })).toHaveLength(NAMES.length);
      expect(await incidents.unsentIncidents(100)).toHaveLength(NAMES.length);
      expect(await recoveries.listRecoveries({ limit: 100 })).toHaveLength(NAMES.length);
      expect(await recoveries.untoldRecoveries(100)).toHaveLength(NAMES.length);
      expect(await watches.listWatches()).toHaveLength(NAMES.length);
      expect(await watches.dueWatches(LATER, 100)).toHaveLength(NAMES.length);
    });

    test('clearing the live store leaves incidents, watches and recoveries', async () => {
      const table = await newTable();
      const live = openLiveStore({ ...table, clock });
      const key = { environment: 'prod', process_name: 'orders' };
      await track(live, key);
      const incident = await openIncident(openIncidentStore(table), { ...key, slot: 'run 1' }, NOW);
      const watch = { ...key, since: NOW, judged_until: NOW };
      await openPipelineWatches(table).changeWatch(key, () => watch);
      const recoveryKey = { ...key, slot: 'run 1' };
      await openRecoveryStore(table).changeRecovery(recoveryKey, () => aRecovery(recoveryKey));
      await live.clear();
      expect(await live.listRuns({ limit: 10 })).toEqual([]);
      expect(await openIncidentStore(table).listIncidents({ limit: 10 })).toEqual([incident]);
      expect(await openPipelineWatches(table).listWatches()).toEqual([watch]);
      expect(await openRecoveryStore(table).listRecoveries({ limit: 10 })).toEqual([aRecovery(recoveryKey)]);
    });
  });
}
