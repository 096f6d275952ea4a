import type { Told } from '../core/alert/as-of.ts';
import { silenceOf } from '../core/alert/silence.ts';
import type { SendNoticesPorts } from '../flows/send-notices.ts';
import { listSilences } from '../flows/silences.ts';

/** Makes what sends notices: the routes of the file that holds, and the silences of this moment. */
export interface AlertSending {
  ports(): Promise<SendNoticesPorts>;
}

type Kept = Omit<SendNoticesPorts, 'routesOf' | 'send'>;

/** A laptop tells its console where the file names no route. */
export const alertSending = (kept: Kept, onNotice: (text: string) => void): AlertSending => ({
  async ports() {
    const now = kept.clock.now();
    const silences = await listSilences(kept.store, now);
    return {
      ...kept,
      routesOf: ({ incident }) => (silenceOf(silences, incident, now) === undefined ? ['console'] : []),
      send: async (route, told) => {
        for (const each of told) onNotice(lineOf(each));
        return { channel: route, delivered: true, message_id: now };
      },
    };
  },
});

const lineOf = ({ incident, change }: Told): string =>
  `${change.kind} ${incident.severity} ${incident.process_name}: ${incident.reasons.at(-1)?.text ?? ''}`;
