import type { Notice } from '../alert/notice.ts';

/** One way to reach people: a mail topic, a chat room, a webhook. */
export interface Channel<Sent extends Notice = Notice> {
  /**
   * Sends a notice, once each time it is called: the caller remembers what it has sent. Never rejects: what went wrong
   * is in the delivery, so that one broken channel does not keep a notice from the others.
   */
  send(notice: Sent): Promise<Delivery>;
}

/** What became of a notice on a channel: the receipt. */
export type Delivery =
  | {
      /** The channel's own name: `email`, `chat`, `webhook`, … */
      readonly channel: string;
      readonly delivered: true;
      /** The transport's id of the message; its logs know it by that. */
      readonly message_id: string;
    }
  | {
      readonly channel: string;
      readonly delivered: false;
      /** One sentence or more: what was expected, what came, what to do. */
      readonly why: string;
    };
