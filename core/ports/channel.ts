import * as z from 'zod';
import type { Notice } from '../alert/notice.ts';

/** One way to reach people: a mail topic, a chat room, a webhook. */
export interface Channel {
  /**
   * Sends a notice, once each time it is called: the caller remembers what it has sent. Never rejects: what went wrong
   * is in the delivery, so that one broken channel does not keep a notice from the others.
   */
  send(notice: Notice): Promise<Delivery>;
}

/** The channel's own name: `email`, `chat`, `webhook`, … */
const channel = z.string();

/** What became of a notice on a channel: the receipt. */
export const deliverySchema = z.discriminatedUnion('delivered', [
  z.object({
    channel,
    delivered: z.literal(true),
    /** The transport's id of the message; its logs know it by that. */
    message_id: z.string(),
  }),
  z.object({
    channel,
    delivered: z.literal(false),
    /** One sentence or more: what was expected, what came, what to do. */
    why: z.string(),
  }),
]);
export type Delivery = Readonly<z.output<typeof deliverySchema>>;
