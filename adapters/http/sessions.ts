import { createHash, randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { epochMsOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { hostOf } from './host.ts';

/**
 * The sessions of browsers that gave a token. The cookie holds a random id; which token it stands for is known to this
 * process alone, and is checked again with each request: a token that is revoked or expires ends its sessions at once.
 */
export interface Sessions {
  /** Begins a session: the answer sets its cookie. */
  begin(c: Context, secret: string): void;
  /** The token of the request's session; undefined when it has none, or it is over. */
  secretOf(c: Context): string | undefined;
  /** Ends the request's session, if it has one: the answer takes the cookie back. */
  end(c: Context): void;
}

/** Nobody who looks each working day has to sign in more than once a week. */
const LONGEST_MS = 7 * 86_400_000;
const IDLE_MS = 2 * 86_400_000;
/** Beyond these the one that was used least recently ends. */
const MOST = 1_000;
const ID_BYTES = 32;

interface Session {
  readonly secret: string;
  readonly beganMs: number;
  readonly usedMs: number;
}

export function openSessions(clock: Clock): Sessions {
  /** By the hash of their id, so that nothing that is kept opens a session. Least recently used first. */
  const sessions = new Map<string, Session>();

  const keyOf = (c: Context): string | undefined => {
    const id = getCookie(c, cookieName(c));
    return id === undefined ? undefined : hashOf(id);
  };
  const isOver = ({ beganMs, usedMs }: Session, nowMs: number): boolean =>
    nowMs - beganMs > LONGEST_MS || nowMs - usedMs > IDLE_MS;

  return {
    begin(c, secret) {
      const id = randomBytes(ID_BYTES).toString('base64url');
      const nowMs = epochMsOf(clock.now());
      for (const [key, session] of sessions) if (isOver(session, nowMs)) sessions.delete(key);
      const [first] = sessions.keys();
      if (sessions.size >= MOST && first !== undefined) sessions.delete(first);
      sessions.set(hashOf(id), { secret, beganMs: nowMs, usedMs: nowMs });
      putCookie(c, id, LONGEST_MS / 1000);
    },
    secretOf(c) {
      const key = keyOf(c);
      const session = key === undefined ? undefined : sessions.get(key);
      if (key === undefined || session === undefined) return undefined;
      const nowMs = epochMsOf(clock.now());
      sessions.delete(key);
      if (isOver(session, nowMs)) return undefined;
      sessions.set(key, { ...session, usedMs: nowMs });
      return session.secret;
    },
    end(c) {
      const key = keyOf(c);
      if (key === undefined) return;
      sessions.delete(key);
      putCookie(c, '', 0);
    },
  };
}

const hashOf = (id: string): string => createHash('sha256').update(id).digest('base64url');

/** Browsers share cookies between the ports of a host, and a machine may serve several ledgers. */
const cookieName = (c: Context): string => `runledger_session${/:(\d+)$/.exec(hostOf(c))?.[1] ?? ''}`;

/** Out of reach of scripts and of other sites; over https never sent without it. */
function putCookie(c: Context, value: string, maxAge: number): void {
  // The guard has let the origin in: it is this server's own, or a proxy's that the operator allowed.
  const secure = c.req.header('origin')?.startsWith('https://') ?? false;
  setCookie(c, cookieName(c), value, { httpOnly: true, sameSite: 'Strict', path: '/', maxAge, secure });
}
