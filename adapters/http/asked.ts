import type { Context, MiddlewareHandler } from 'hono';
import { addressOf } from './address.ts';
import { callerNameOf } from './caller.ts';

/** A question of a request that the guard let in. What the request does not say is null. */
export interface Asked {
  /** The SQL, or the method with the path. */
  readonly question: string;
  /** The name of the caller's token. */
  readonly caller: string | null;
  /** The address at the other end of the connection. */
  readonly source: string | null;
  readonly user_agent: string | null;
}

/** Is told of each question before it is answered, and must not throw. */
export type OnAsked = (asked: Asked) => void;

export const askedBy = (c: Context, question: string): Asked => ({
  question,
  caller: callerNameOf(c),
  source: addressOf(c),
  user_agent: c.req.header('user-agent') ?? null,
});

/** Tells of requests whose path and parameters are the question. */
export const tellAsked =
  (onAsked: OnAsked): MiddlewareHandler =>
  async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    onAsked(askedBy(c, `${c.req.method} ${pathname}${search}`));
    await next();
  };
