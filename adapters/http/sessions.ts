import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { epochMsOf, instantOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { KeptSession, SessionStore } from '../../core/ports/session-store.ts';
import { hostOf } from './host.ts';

/**
 * The sessions of browsers that gave a token. The cookie holds a random id. What is kept is the token under a key that
 * only the id gives, and a hash of the id: neither the cookie nor what is kept opens anything without the other. The
 * token is checked again with each request: one that is revoked or expires ends its sessions at once.
 */
export interface Sessions {
  /** Begins a session: the answer sets its cookie. */
  begin(c: Context, secret: string): Promise<void>;
  /** The token of the request's session; undefined when it has none, or it is over. */
  secretOf(c: Context): Promise<string | undefined>;
  /** Ends the request's session, if it has one: the answer takes the cookie back. */
  end(c: Context): Promise<void>;
}

/** Nobody who looks each working day has to sign in more than once a week. */
const LONGEST_MS = 7 * 86_400_000;
const IDLE_MS = 2 * 86_400_000;
/** How exactly it is known when a session was used last: each use is no writing. */
const USED_MS = 3_600_000;
const ID_BYTES = 32;

export function openSessions(clock: Clock, store: SessionStore = inMemory()): Sessions {
  const idOf = (c: Context): string | undefined => getCookie(c, cookieName(c));
  const isOver = ({ began_at, used_at }: KeptSession, nowMs: number): boolean =>
    nowMs - epochMsOf(began_at) > LONGEST_MS || nowMs - epochMsOf(used_at) > IDLE_MS;

  return {
    async begin(c, secret) {
      const id = randomBytes(ID_BYTES).toString('base64url');
      const now = clock.now();
      await store.put({
        ...{ key: hashOf(id), sealed: seal(secret, id), began_at: now, used_at: now },
        ends_at: instantOf(epochMsOf(now) + LONGEST_MS),
      });
      putCookie(c, id, LONGEST_MS / 1000);
    },
    async secretOf(c) {
      const id = idOf(c);
      const session = id === undefined ? undefined : await store.get(hashOf(id));
      if (id === undefined || session === undefined) return undefined;
      const now = clock.now();
      if (isOver(session, epochMsOf(now))) {
        await store.delete(session.key);
        return undefined;
      }
      if (epochMsOf(now) - epochMsOf(session.used_at) > USED_MS) await store.put({ ...session, used_at: now });
      return opened(session.sealed, id);
    },
    async end(c) {
      const id = idOf(c);
      if (id === undefined) return;
      await store.delete(hashOf(id));
      putCookie(c, '', 0);
    },
  };
}

/** Beyond these the one that was used least recently ends. */
const MOST = 1_000;

/** Sessions that end with this process. Least recently used first. */
function inMemory(): SessionStore {
  const sessions = new Map<string, KeptSession>();
  const used = (session: KeptSession): void => {
    sessions.delete(session.key);
    sessions.set(session.key, session);
  };
  return {
    async put(session) {
      for (const [key, { ends_at }] of sessions) if (ends_at < session.used_at) sessions.delete(key);
      used(session);
      const [first] = sessions.keys();
      if (sessions.size > MOST && first !== undefined) sessions.delete(first);
    },
    async get(key) {
      const session = sessions.get(key);
      if (session !== undefined) used(session);
      return session;
    },
    async delete(key) {
      sessions.delete(key);
    },
  };
}

const hashOf = (id: string): string => createHash('sha256').update(id).digest('base64url');

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Another hash of the id than the one it is kept under. An id is random, so a plain hash of it is a good key. */
const keyFrom = (id: string): Buffer => createHash('sha256').update(`key of ${id}`).digest();

function seal(secret: string, id: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, keyFrom(id), iv);
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
}

function opened(text: string, id: string): string {
  const bytes = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv(CIPHER, keyFrom(id), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
}

/** Browsers share cookies between the ports of a host, and a machine may serve several ledgers. */
const cookieName = (c: Context): string => `runledger_session${/:(\d+)$/.exec(hostOf(c))?.[1] ?? ''}`;

/** Out of reach of scripts and of other sites; over https never sent without it. */
function putCookie(c: Context, value: string, maxAge: number): void {
  // The guard has let the origin in: it is this server's own, or a proxy's that the operator allowed.
  const secure = c.req.header('origin')?.startsWith('https://') || c.req.url.startsWith('https://');
  setCookie(c, cookieName(c), value, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge, secure });
}
