import type { ChangeKind, NewsKind } from '../../core/alert/incident.ts';
import { incidentDataOf } from '../../core/alert/incident-data.ts';

import type { LedgerEvent } from '../../core/alert/ledger-event.ts';
import { errorMessage } from '../../core/error-message.ts';
import type { Bus } from '../../core/ports/bus.ts';
import type { Channel } from '../../core/ports/channel.ts';

/** Publishes each change of an incident as an event of its own, for systems rather than for people: also in a storm. */
export function openBusChannel(bus: Bus): Channel {
  const channel = 'eventbridge';
  return {
    async send({ told, thread }) {
      try {
        await bus.publish(
          told.map((each): LedgerEvent => ({ type: TYPES[each.change.kind], detail: incidentDataOf(each) })),
        );
        return { channel, delivered: true, message_id: thread };
      } catch (error) {
        return { channel, delivered: false, why: errorMessage(error) };
      }
    },
  };
}

const TYPES = {
  opened: 'Incident Opened',
  upgraded: 'Incident Upgraded',
  acknowledged: 'Incident Acknowledged',
  resolved: 'Incident Resolved',
  started: 'Run Started',
  succeeded: 'Run Succeeded',
} as const satisfies Readonly<Record<ChangeKind | NewsKind, LedgerEvent['type']>>;
