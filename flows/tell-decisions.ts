import { dateOf } from '../core/instant.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import { type Recovery, untold } from '../core/recovery/recovery.ts';
import { decisionEvent, type RecoveryLine, recoveryLinesKey } from '../core/recovery/recovery-event.ts';

export interface TellDecisionsPorts {
  readonly recoveries: RecoveryStore;
  readonly store: Pick<ObjectStore, 'put'>;
  readonly sink: Pick<EventSink, 'send'>;
  readonly clock: Clock;
  readonly hash: (text: string) => string;
}

/** Told at once: one object of the log, and one record of events. After a storm there are many. */
const MAX_RECOVERIES = 200;

/**
 * Writes decisions to the log of recoveries and sends them as events of their runs, until all are told: after a crash those
 * that may have been written are written again, which changes nothing. Returns how many that were.
 */
export async function tellDecisions(ports: TellDecisionsPorts): Promise<number> {
  let count = 0;
  for (;;) {
    const found = await ports.recoveries.untoldRecoveries(MAX_RECOVERIES);
    for (const ofDay of Map.groupBy(found, dayOf).values()) count += await tell(ports, ofDay);
    if (found.length < MAX_RECOVERIES) return count;
  }
}

const dayOf = ({ decisions }: Recovery): string => dateOf(decisions.at(-1)?.at ?? '');

async function tell(
  { recoveries, store, sink, clock, hash }: TellDecisionsPorts,
  told: readonly Recovery[],
): Promise<number> {
  // Written again after a crash it is the same text: its day may be sealed by then.
  const lines = told.map(
    (recovery): RecoveryLine => ({ written_at: recovery.decisions.at(-1)?.at ?? clock.now(), recovery }),
  );
  await store.put(recoveryLinesKey(told, hash), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const events = told.flatMap((each) => untold(each).map((decision) => JSON.stringify(decisionEvent(each, decision))));
  await sink.send([new TextEncoder().encode(`${events.join('\n')}\n`)]);
  await Promise.all(
    told.map((recovery) =>
      recoveries.changeRecovery(recovery, (stored) =>
        stored === undefined || stored.told >= recovery.changes ? stored : { ...stored, told: recovery.changes },
      ),
    ),
  );
  return events.length;
}
