import type { Notice } from '../../core/alert/notice.ts';
import type { Channel } from '../../core/ports/channel.ts';

export interface FakeChannel extends Channel {
  readonly sent: Notice[];
  isDown: boolean;
}

/** A channel that keeps what it delivered; while `isDown` it delivers nothing. */
export function aChannel(channel: string): FakeChannel {
  const sent: Notice[] = [];
  return {
    sent,
    isDown: false,
    async send(notice) {
      if (this.isDown) return { channel, delivered: false, why: `${channel} is away` };
      sent.push(notice);
      return { channel, delivered: true, message_id: String(sent.length) };
    },
  };
}
