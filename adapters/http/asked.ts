import type { Context, MiddlewareHandler } from 'hono';

/** A question of a request that the guard let in. What the request does not say is null. */
export interface Asked {
  /** The SQL, or the method with the path. */
  readonly question: string;
  /** The address at the other end of the connection: what a proxy says of others, anybody could say. */
  readonly source: string | null;
  readonly user_agent: string | null;
}

/** Is told of each question before it is answered, and must not throw. */
export type OnAsked = (asked: Asked) => void;

export const askedBy = (c: Context, question: string): Asked => ({
  question,
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

/** Node's server passes its request along; a request that never was on a wire has none. */
function addressOf({ env }: Context): string | null {
  const { incoming } = Object(env) as { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? null;
}
