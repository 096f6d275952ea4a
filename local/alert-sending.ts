import { openConsole } from '../adapters/console/channel.ts';
import { openWebhook, type Receiver, receiverOf } from '../adapters/webhook/channel.ts';

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
  const toldHere = (what: string): Channel => ({
    async send(notice) {
      write(`${what} works in an AWS account only; it is told here instead:`);
      return console.send(notice);
    },
  });
  return {
    otherwise: { console },
    channelOf: (route: Route): Channel => {
      if (route.console !== undefined) return console;
      const receiver = receiverOf(route);
      if (receiver === undefined)
        return toldHere(`a route to ${CHANNEL_KINDS.find((kind) => route[kind] !== undefined)}`);
      return isOfAws(receiver)
        ? toldHere(`a route to ${receiver.form} with a secret of AWS`)
        : openWebhook({ receiver, secrets, clock });
    },
  };
}

/** Whether a secret of it stands where a laptop does not look. */
const isOfAws = (receiver: Receiver): boolean =>
  Object.values(receiver).some((each) => /^(ssm|secretsmanager):/.test(each ?? ''));
