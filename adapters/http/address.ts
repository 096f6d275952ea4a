import type { Context } from 'hono';

/**
 * The address at the other end of the connection: what a proxy says of others, anybody could say. Node's server passes its
 * request along, and API Gateway says whom it answers; a request that never was on a wire has no address.
 */
export function addressOf({ env }: Context): string | null {
  const { incoming, requestContext } = Object(env) as {
    readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
    readonly requestContext?: { readonly http?: { readonly sourceIp?: string } };
  };
  return incoming?.socket?.remoteAddress ?? requestContext?.http?.sourceIp ?? null;
}
