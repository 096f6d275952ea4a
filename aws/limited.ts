import type { LimitedPorts } from '../adapters/http/app.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { LiveRuns } from '../core/ports/live-runs.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { viewOf } from '../core/run/run-view.ts';
import type { Limits } from '../core/token/limits.ts';
import { admitEvents, admitPing, admittingSink } from '../flows/admit-events.ts';
import { appliedPipelines, expectationsIn } from '../flows/applied-pipelines.ts';
import { type OwnerOf, pipelineOwners } from '../flows/pipeline-owners.ts';

export interface OwnedLedgerPorts {
  readonly live: Pick<LiveRuns, 'listRuns'>;
  readonly store: Pick<ObjectStore, 'get'>;
  readonly clock: Clock;
}

/** Whose pipelines are, as the live table and the file of pipelines say: no query is paid for it. */
export const ownersOf = ({ live, store, clock }: OwnedLedgerPorts): OwnerOf =>
  pipelineOwners({
    runs: async (filter) => (await live.listRuns(filter)).map((run) => viewOf(run).run),
    expectations: async () => expectationsIn(await appliedPipelines(store)),
    clock,
  });

/** What the holders of limited tokens may send, by their limits. Read it beside `local/limited.ts`. */
export const limitedTo =
  (ownerOf: OwnerOf, sink: EventSink, settings: AcceptSettings, clock: Clock) =>
  (limits: Limits): LimitedPorts => {
    const admit = admitEvents({ limits, ownerOf, settings, clock });
    return { sink: admittingSink(sink, admit), admitPing: admitPing({ limits, clock }, admit) };
  };
