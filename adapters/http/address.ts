import type { Context } from 'hono';

/**
 * The address at the other end of the connection: what a proxy says of others, anybody could say. Node's server passes its
 * request along; a request that never was on a wire has no address.
 */
export function addressOf({ env }: Context): string | null {
  const { incoming } = Object(env) as { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress ?? null;
}
