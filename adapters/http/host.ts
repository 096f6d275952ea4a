import type { Context } from 'hono';

/** The name or address of a Host header as browsers understand it, without the port; null when it is not a host. */
export function hostNameOf(host: string): string | null {
  if (!/^[\w.\-:[\]]+$/.test(host) || !URL.canParse(`http://${host}`)) return null;
  return new URL(`http://${host}`).hostname;
}

/** Whether a name or address, as `hostNameOf` gives it or as a server listens on it, is this machine and no other. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

/** Requests that never were on a wire have no Host; their URL says it. */
export const hostOf = (c: Context): string => (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();
