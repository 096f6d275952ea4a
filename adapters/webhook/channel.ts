import { setTimeout } from 'node:timers/promises';
import type { Notice } from '../../core/alert/notice.ts';
import { errorMessage } from '../../core/error-message.ts';
import type { Instant } from '../../core/instant.ts';
import type { Route } from '../../core/pipelines/file-schema.ts';
import type { Channel } from '../../core/ports/channel.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Secrets } from '../../core/ports/secrets.ts';
import { cloudEvents } from './cloud-event.ts';
import { PAGERDUTY_URL, pagerdutyEvents } from './pagerduty-event.ts';
import { type Message, type Posting, post } from './post.ts';
import { slackMessage } from './slack-message.ts';
import { teamsCard } from './teams-card.ts';

/** Who receives notices by HTTP, and where the secrets for it stand. Every `url` but PagerDuty's is a reference. */
export type Receiver =
  | { readonly form: 'webhook'; readonly url: string; readonly secret?: string | undefined }
  | { readonly form: 'slack' | 'teams'; readonly url: string }
  | { readonly form: 'pagerduty'; readonly routing_key: string; readonly url?: string | undefined };

/** Whom a route posts to; undefined of one that goes another way than by HTTP. */
export function receiverOf({ webhook, slack, teams, pagerduty }: Route): Receiver | undefined {
  if (webhook !== undefined) return { form: 'webhook', ...webhook };
  if (slack !== undefined) return { form: 'slack', ...slack };
  if (teams !== undefined) return { form: 'teams', ...teams };
  return pagerduty && { form: 'pagerduty', ...pagerduty };
}

export interface WebhookSettings extends Partial<Omit<Posting, 'now'>> {
  readonly receiver: Receiver;
  readonly secrets: Secrets;
  readonly clock: Clock;
}

/**
 * Posts notices to a receiver, each in the receiver's own form. Secrets are read at each sending. A receiver that took only
 * a part of a notice gets it again whole: what it has it knows by its id or key.
 */
export function openWebhook({
  receiver,
  secrets,
  clock,
  fetch = globalThis.fetch,
  timeout = (ms) => AbortSignal.timeout(ms),
  pause = setTimeout,
  random = Math.random,
}: WebhookSettings): Channel {
  const channel = receiver.form;
  const posting: Posting = { fetch, timeout, pause, random, now: clock.now };
  return {
    async send(notice) {
      try {
        const { address, secret, known } = await secretsOf(receiver, secrets);
        const messages = FORMS[receiver.form](notice, secret, clock.now());
        for (const message of messages) {
          const posted = await post(address, message, posting, known);
          if (!posted.isTaken)
            return { channel, delivered: false, why: explained(receiver, posted.got, posted.advice) };
        }
        return { channel, delivered: true, message_id: messages[0]?.id ?? '' };
      } catch (error) {
        return { channel, delivered: false, why: errorMessage(error) };
      }
    },
  };
}

const FORMS: Readonly<
  Record<Receiver['form'], (notice: Notice, secret: string | undefined, now: Instant) => readonly Message[]>
> = {
  webhook: cloudEvents,
  slack: slackMessage,
  teams: teamsCard,
  pagerduty: (notice, routing_key = '') => pagerdutyEvents(notice, routing_key),
};

async function secretsOf(
  receiver: Receiver,
  secrets: Secrets,
): Promise<{ readonly address: string; readonly secret: string | undefined; readonly known: readonly string[] }> {
  if (receiver.form === 'pagerduty') {
    const secret = await secrets.read(receiver.routing_key);
    const known = receiver.url === undefined ? [secret] : [secret, receiver.url];
    return { address: receiver.url ?? PAGERDUTY_URL, secret, known };
  }
  const address = await secrets.read(receiver.url);
  const given = receiver.form === 'webhook' ? receiver.secret : undefined;
  const secret = given === undefined ? undefined : await secrets.read(given);
  return { address, secret, known: secret === undefined ? [address] : [address, secret] };
}

function explained(receiver: Receiver, got: string, advice: string): string {
  const where =
    receiver.form === 'pagerduty' ? `PagerDuty (the key in ${receiver.routing_key})` : `the address in ${receiver.url}`;
  return `Expected ${where} to take the notice, got ${got}. ${advice}`;
}
