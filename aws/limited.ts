import type { LimitedPorts } from '../adapters/http/app.ts';
import type { AcceptSettings } from '../core/accept/settings.ts';
import type { Expectations } from '../core/pipelines/expectations.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { LiveRuns, RunsFilter } from '../core/ports/live-runs.ts';
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

/** Whose pipelines are, and what the file of pipelines says of owners. */
export interface Owned {
  readonly ownerOf: OwnerOf;
  readonly expectations: () => Promise<Expectations>;
}

/** As the live table and the file of pipelines say: no query is paid for it. */
export function ownedIn({ live, store, clock }: OwnedLedgerPorts): Owned {
  const expectations = async () => expectationsIn(await appliedPipelines(store));
  const runs = async (filter: RunsFilter) => (await live.listRuns(filter)).map((run) => viewOf(run).run);
  return { expectations, ownerOf: pipelineOwners({ runs, expectations, clock }) };
}

export const ownersOf = (ports: OwnedLedgerPorts): OwnerOf => ownedIn(ports).ownerOf;

/** What the holders of limited tokens may send, by their limits. Read it beside `local/limited.ts`. */
export const limitedTo =
  (ownerOf: OwnerOf, sink: EventSink, settings: AcceptSettings, clock: Clock) =>
  (limits: Limits): LimitedPorts => {
    const admit = admitEvents({ limits, ownerOf, settings, clock });
    return { sink: admittingSink(sink, admit), admitPing: admitPing({ limits, clock }, admit) };
  };
