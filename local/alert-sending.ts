import { openConsole } from '../adapters/console/channel.ts';
import { openWebhook } from '../adapters/webhook/channel.ts';
import type { IncidentNotice } from '../core/alert/incident-notice.ts';
import { CHANNEL_KINDS, type Route } from '../core/pipelines/file-schema.ts';
import type { Channel } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Secrets } from '../core/ports/secrets.ts';
import type { AlertSendingPorts } from '../flows/alert-sending.ts';

export interface LaptopChannels {
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** Writes a line to the console. */
  readonly write: (line: string) => void;
}

/** What the routes of a file stand for on a laptop: its console, and whatever takes a request by HTTP. */
export function laptopChannels({
  clock,
  secrets,
  write,
}: LaptopChannels): Pick<AlertSendingPorts, 'otherwise' | 'channelOf'> {
  const console = openConsole(write);
  const toldHere = (what: string): Channel<IncidentNotice> => ({
    async send(notice) {
      write(`${what} works in an AWS account only; it is told here instead:`);
      return console.send(notice);
    },
  });
  const posting = (receiver: Parameters<typeof openWebhook>[0]['receiver']) =>
    openWebhook({ receiver, secrets, clock });
  return {
    otherwise: { console },
    channelOf: (route: Route): Channel<IncidentNotice> => {
      const { webhook, slack, teams, pagerduty, console: own } = route;
      const kind = CHANNEL_KINDS.find((each) => route[each] !== undefined) ?? 'console';
      if (own !== undefined) return console;
      if (secretsOf(route).some((reference) => /^(ssm|secretsmanager):/.test(reference)))
        return toldHere(`a route to ${kind} with a secret of AWS`);
      if (webhook !== undefined) return posting({ form: 'webhook', ...webhook });
      if (slack !== undefined) return posting({ form: 'slack', ...slack });
      if (teams !== undefined) return posting({ form: 'teams', ...teams });
      if (pagerduty !== undefined) return posting({ form: 'pagerduty', ...pagerduty });
      return toldHere(`a route to ${kind}`);
    },
  };
}

/** The references to secrets that a route has. */
const secretsOf = ({ webhook, slack, teams, pagerduty }: Route): readonly string[] =>
  [webhook?.url, webhook?.secret, slack?.url, teams?.url, pagerduty?.routing_key].flatMap((each) => each ?? []);
