import type { Notice } from '../alert/notice.ts';

export interface Channel {
  /** Tells every channel, and says of each how it went: a channel that fails never keeps a notice from the others. */
  notify(notice: Notice): Promise<readonly Delivery[]>;
}

/** What became of a notice on one channel: the receipt. `why` says what was expected, what came, what to do. */
export type Delivery =
  | { readonly channel: string; readonly delivered: true; readonly message_id: string }
  | { readonly channel: string; readonly delivered: false; readonly why: string };
