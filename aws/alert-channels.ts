import type { openSecrets } from '../adapters/aws-secrets/secrets.ts';
import { openBusChannel } from '../adapters/eventbridge/channel.ts';
import { openWebhook, receiverOf } from '../adapters/webhook/channel.ts';

import type { Route } from '../core/pipelines/file-schema.ts';
import type { Bus } from '../core/ports/bus.ts';
import type { Channel } from '../core/ports/channel.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { AlertSendingPorts } from '../flows/alert-sending.ts';

export interface AwsChannels {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly secrets: ReturnType<typeof openSecrets>;
  /** The topics of the stack. */
  readonly email: Channel;
  readonly chat: Channel;
}

/** What the routes of a file stand for on AWS. Read it beside `local/alert-sending.ts`. */
export function awsChannels({
  clock,
  bus,
  secrets,
  email,
  chat,
}: AwsChannels): Pick<AlertSendingPorts, 'otherwise' | 'channelOf'> {
  const eventbridge = openBusChannel(bus);
  return {
    otherwise: { email, chat, eventbridge },
    channelOf: (route: Route): Channel => {
      const receiver = receiverOf(route);
      if (receiver !== undefined) return openWebhook({ receiver, secrets, clock });
      if (route.email !== undefined) return email;
      if (route.chat !== undefined) return chat;
      if (route.console !== undefined) return noConsole;
      return eventbridge;
    },
  };
}

const noConsole: Channel = {
  send: async () => ({
    channel: 'console',
    delivered: false,
    why: 'Expected a route that works in an AWS account, got console, which is that of a laptop. Use email, chat, eventbridge, slack, teams, pagerduty or webhook.',
  }),
};
