import type { Clock } from '../core/ports/clock.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import { untold } from '../core/recovery/recovery.ts';
import { decisionEvent, type RecoveryLine, recoveryLineKey } from '../core/recovery/recovery-event.ts';

export interface TellDecisionsPorts {
  readonly recoveries: RecoveryStore;
  readonly store: Pick<ObjectStore, 'put'>;
  readonly sink: Pick<EventSink, 'send'>;
  readonly clock: Clock;
  readonly hash: (text: string) => string;
}

const MAX_RECOVERIES = 500;

/**
 * Writes decisions to the log of recoveries and sends them as events of their runs: after a crash those that may have been
 * written are written again, which changes nothing. Returns how many that were.
 */
export async function tellDecisions({ recoveries, store, sink, clock, hash }: TellDecisionsPorts): Promise<number> {
  let count = 0;
  for (const recovery of await recoveries.untoldRecoveries(MAX_RECOVERIES)) {
    const decisions = untold(recovery);
    // Written again after a crash it is the same text: its day may be sealed by then.
    const line: RecoveryLine = { written_at: recovery.decisions.at(-1)?.at ?? clock.now(), recovery };
    await store.put(recoveryLineKey(recovery, hash), `${JSON.stringify(line)}\n`);
    const events = decisions.map((decision) => JSON.stringify(decisionEvent(recovery, decision)));
    await sink.send([new TextEncoder().encode(`${events.join('\n')}\n`)]);
    await recoveries.changeRecovery(recovery, (stored) =>
      stored === undefined || stored.told >= recovery.changes ? stored : { ...stored, told: recovery.changes },
    );
    count += decisions.length;
  }
  return count;
}
