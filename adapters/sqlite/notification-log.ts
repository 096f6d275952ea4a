import type { DatabaseSync } from 'node:sqlite';
import { epochMsOf } from '../../core/instant.ts';
import type { NotificationLog } from '../../core/ports/notification-log.ts';

/** The log in a table of the alert store. One process has the file, so a claim is one statement. */
export function notificationLogIn(database: DatabaseSync): NotificationLog {
  const find = database.prepare('select recorded_at from notifications where key = ?');
  const record = database.prepare(
    'insert into notifications (key, recorded_at) values (?, ?) on conflict do update set recorded_at = excluded.recorded_at',
  );
  const claim = database.prepare(`
    insert into notifications (key, claimed_until_ms) values (?, ?)
    on conflict do update set claimed_until_ms = excluded.claimed_until_ms
      where recorded_at is null and claimed_until_ms <= ?
  `);
  return {
    has: async (key) => (find.get(key)?.recorded_at ?? null) !== null,
    async record(key, now) {
      record.run(key, now);
    },
    claim: async (key, now, forMs) => claim.run(key, epochMsOf(now) + forMs, epochMsOf(now)).changes > 0,
  };
}
