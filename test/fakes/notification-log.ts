import { epochMsOf } from '../../core/instant.ts';
import type { NotificationLog } from '../../core/ports/notification-log.ts';

/** A notification log in memory. */
export function aNotificationLog(): NotificationLog {
  const entries = new Map<string, { sent: boolean; until: number }>();
  return {
    async has(key) {
      return entries.get(key)?.sent ?? false;
    },
    async record(key) {
      entries.set(key, { sent: true, until: 0 });
    },
    async claim(key, now, forMs) {
      const held = entries.get(key);
      if (held && (held.sent || held.until > epochMsOf(now))) return false;
      entries.set(key, { sent: false, until: epochMsOf(now) + forMs });
      return true;
    },
  };
}
