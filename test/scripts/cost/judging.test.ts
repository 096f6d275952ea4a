import { expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../../adapters/sqlite/live-store.ts';
import type { Instant } from '../../../core/instant.ts';
import { NOTHING_EXPECTED } from '../../../core/pipelines/expectations.ts';
import type { IncidentStore } from '../../../core/ports/incident-store.ts';
import type { LiveRuns } from '../../../core/ports/live-runs.ts';
import type { PipelineWatches } from '../../../core/ports/pipeline-watches.ts';
import { foldRuns } from '../../../core/run/run-fold.ts';
import type { Event } from '../../../core/schema/event.ts';
import { changedRuns, evaluateChanged } from '../../../flows/evaluate-touched.ts';
import { trackRuns } from '../../../flows/track.ts';
import { judging } from '../../../scripts/cost/judging.ts';
import { anEvent } from '../../factories.ts';
import { judging as judgingPorts } from '../../fakes/judging.ts';

test('docs/cost.md counts what judging a run asks of the live table', async () => {
  const live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  const counts = { watchesRead: 0, incidentLists: 0, incidentsRead: 0, runLists: 0, watchesWritten: 0 };
  const { incidents, watches } = judgingPorts();
  const ports = {
    expectations: NOTHING_EXPECTED,
    live: counted<Pick<LiveRuns, 'listRuns'>>({ listRuns: (filter) => live.listRuns(filter) }, 'listRuns', () => {
      counts.runLists += 1;
    }),
    incidents: counted<IncidentStore>(
      counted<IncidentStore>(incidents, 'listIncidents', () => {
        counts.incidentLists += 1;
      }),
      'changeIncident',
      () => {
        counts.incidentsRead += 1;
      },
    ),
    watches: {
      ...watches,
      changeWatch: (key, change) =>
        watches.changeWatch(key, (stored) => {
          const next = change(stored);
          counts.watchesRead += 1;
          if (next !== stored) counts.watchesWritten += 1;
          return next;
        }),
    } satisfies PipelineWatches,
  };
  const pass = async (now: Instant, ...events: readonly Partial<Event>[]): Promise<void> => {
    for (const event of events) {
      const { transitions } = await trackRuns(live, foldRuns([anEvent(event)]));
      await evaluateChanged(ports, changedRuns(transitions), now);
    }
  };
  const run = (run_id: string) => [
    { run_id, event_time: '2025-11-03T12:00:00.000Z' },
    { run_id, event_type: 'RUN_END', status: 'SUCCESS', event_time: '2025-11-03T12:10:00.000Z' } as const,
  ];
  // A pipeline that is known already.
  await pass('2025-11-03T12:20:00.000Z', ...run('first'), ...run('second'));
  for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] = 0;
  await pass('2025-11-03T12:30:00.000Z', ...run('third'));
  expect(counts.watchesWritten).toBeLessThanOrEqual(judging.ofRun.watchesWritten);
  expect({ ...counts, watchesWritten: judging.ofRun.watchesWritten }).toEqual(judging.ofRun);
});

/** The same port, with one method counted. */
const counted = <Port extends object>(port: Port, name: keyof Port, count: () => void): Port =>
  new Proxy(port, {
    get: (target, property) => {
      if (property === name) count();
      return Reflect.get(target, property);
    },
  });
