import { hash } from 'node:crypto';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { Counts, Report } from '../../aws/report.ts';
import type { AcceptSettings } from '../../core/accept/settings.ts';
import type { LedgerEvent } from '../../core/alert/ledger-event.ts';
import { epochMsOf } from '../../core/instant.ts';
import { maskOf } from '../../core/mask/mask.ts';
import type { Bus } from '../../core/ports/bus.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { NotificationLog } from '../../core/ports/notification-log.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';

export const settings: AcceptSettings = {
  environment: 'prod',
  zone: 'UTC',
  keepUserEmail: false,
  mask: maskOf(),
  hash: (content) => hash('sha256', content).slice(0, 32),
};

export interface FakeStore extends ObjectStore {
  readonly objects: Map<string, string>;
  /** Writes and reads of keys that begin with one of these fail. */
  readonly refused: Set<string>;
}

export function aStore(): FakeStore {
  const objects = new Map<string, string>();
  const refused = new Set<string>();
  const check = (key: string): void => {
    for (const prefix of refused) if (key.startsWith(prefix)) throw new Error(`the bucket refuses ${key}`);
  };
  return {
    objects,
    refused,
    async put(key, content) {
      check(key);
      objects.set(key, typeof content === 'string' ? content : new TextDecoder().decode(content));
    },
    async get(key) {
      check(key);
      const content = objects.get(key);
      if (content === undefined) throw new Error(`Expected an object ${key}, came none.`);
      return new TextEncoder().encode(content);
    },
    async *list(prefix) {
      for (const [key, content] of [...objects].sort()) {
        if (key.startsWith(prefix)) yield { key, size_bytes: Buffer.byteLength(content) };
      }
    },
  };
}

export const aLiveStore = (): LiveStore => openLiveStore(':memory:');

/** A bus that remembers; while `isDown` it takes nothing. */
export function aBus(): Bus & { readonly published: LedgerEvent[]; isDown: boolean } {
  const published: LedgerEvent[] = [];
  return {
    published,
    isDown: false,
    async publish(events) {
      if (this.isDown) throw new Error('the bus is away');
      published.push(...events);
    },
  };
}

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

/** A clock that stands until it is set. */
export function aClock(at: string): Clock & { at: string } {
  return {
    at,
    now() {
      return this.at;
    },
  };
}

export interface Line {
  readonly what: string;
  readonly counts: Counts;
  readonly errors: readonly unknown[];
}

export function aReport(): Report & { readonly lines: Line[] } {
  const lines: Line[] = [];
  const report: Report = (what, counts, errors = []) => {
    lines.push({ what, counts, errors });
  };
  return Object.assign(report, { lines });
}
