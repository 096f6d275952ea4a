import { openSecrets } from '../../../adapters/file-system/secrets.ts';
import { openWebhook, type Receiver } from '../../../adapters/webhook/channel.ts';
import type { Posting } from '../../../adapters/webhook/post.ts';

export const NOW = '2025-11-03T12:02:00.000Z';
export const PATH_SECRET = '/services/T0AB12/S3cretPathOfTheHook';
export const KEY = 'R0utingKeyOfThirtyTwoCharacters0';
export const SIGNING_SECRET = 'a signing secret';

/** The receiver of a form, at an address; its secrets stand in the environment. */
export const receiverOf = (form: Receiver['form'], address: string): Receiver =>
  form === 'pagerduty'
    ? { form, routing_key: 'env:KEY', url: address }
    : form === 'webhook'
      ? { form, url: 'env:URL', secret: 'env:SECRET' }
      : { form, url: 'env:URL' };

/** A channel that does not really wait: it notes how long it would have. */
export function opened(form: Receiver['form'], address: string, ways: Partial<Posting> = {}) {
  const pauses: number[] = [];
  const channel = openWebhook({
    receiver: receiverOf(form, address),
    secrets: openSecrets({ env: { URL: address, KEY, SECRET: SIGNING_SECRET }, folder: '/nowhere' }),
    clock: { now: () => NOW },
    random: () => 1,
    pause: async (ms) => pauses.push(ms),
    ...ways,
  });
  return { channel, pauses };
}
