import { createHmac } from 'node:crypto';
import { epochMsOf, type Instant } from '../../core/instant.ts';

/**
 * The headers of a message as Standard Webhooks has them: its id, its time and, with a secret, the HMAC-SHA256 over id, time
 * and body. Who receives it refuses an old time, and an id that it has seen. The key is the secret's bytes, or those it
 * holds in base64 after `whsec_`, as the libraries for receivers read it.
 */
export function signedHeaders(
  id: string,
  body: string,
  secret: string | undefined,
  now: Instant,
): Readonly<Record<string, string>> {
  const seconds = String(Math.floor(epochMsOf(now) / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    ...(secret === undefined ? {} : { 'webhook-signature': signatureOf(secret, `${id}.${seconds}.${body}`) }),
  };
}

function signatureOf(secret: string, signed: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
