import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { RunTransition } from '../core/ports/live-runs.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { ChangedRun, LedgerChange, LedgerChanges } from '../ledger/changes.ts';

/** What changes in an open ledger, gathered from where it changes. */
export interface ChangeAnnouncer extends LedgerChanges {
  /** Runs were merged: those that were left as they were are no change. */
  merged(transitions: readonly RunTransition[]): void;
  /** The same store, whose changes are announced whoever makes them. */
  ofIncidents(store: IncidentStore): IncidentStore;
}

export function announceChanges(): ChangeAnnouncer {
  const listeners = new Set<(change: LedgerChange) => void>();
  const announce = (change: LedgerChange): void => {
    for (const listener of listeners) listener(change);
  };
  return {
    watchChanges(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    merged(transitions) {
      if (listeners.size === 0) return;
      const runs = transitions.filter(({ before, after }) => before !== after).map(({ after }) => keyOf(after));
      if (runs.length > 0) announce({ kind: 'runs', runs });
    },
    ofIncidents: (store) => ({
      ...store,
      changeIncident: async (subject, change) => {
        let isChanged = false;
        const stored = await store.changeIncident(subject, (before) => {
          const after = change(before);
          isChanged = after !== undefined && after !== before;
          return after;
        });
        if (isChanged) announce({ kind: 'incidents', pipelines: [pipelineOf(subject)] });
        return stored;
      },
    }),
  };
}

const pipelineOf = ({ environment, process_name }: PipelineKey): PipelineKey => ({ environment, process_name });

const keyOf = ({ environment, process_name, run_id }: ChangedRun): ChangedRun => ({
  environment,
  process_name,
  run_id,
});
