import type { Context, MiddlewareHandler } from 'hono';
import { ofAll } from '../../core/token/limit-errors.ts';
import { limitsOf } from '../../core/token/limits.ts';
import { isPagePath } from '../../core/token/page-paths.ts';
import { mayAct, ROLE_MAY, rolesFor } from '../../core/token/role.ts';
import { isOpen, limitedRoute, neededRole } from '../../core/token/route-roles.ts';
import type { Admission } from './admission.ts';
import { type Caller, setCaller } from './caller.ts';
import { hostNameOf, hostOf, isLoopback } from './host.ts';
import { HttpError } from './http-error.ts';

/** Which callers are let in. */
export interface GuardOptions {
  /** Lets in those who have a token. */
  readonly admission: Admission;
  /**
   * Names this server is reached by besides loopback's, with a port (`ledger.internal:8080`) or for any port. `any`: what
   * stands before it answers to its own names only, and every caller needs a token, or a session, which browsers send
   * to this server's own pages alone.
   */
  readonly allowedHosts: readonly string[] | 'any';
  /** Origins under which a proxy shows this server to browsers, such as `https://ledger.example.com`. */
  readonly allowedOrigins?: readonly string[] | undefined;
}

/**
 * Keeps out requests that a foreign page makes a browser send, and callers whose token does not allow what they want.
 *
 * A page whose name is rebound to this address sends its own name as Host. A page of another origin sends an `Origin`
 * with every request that is not GET or HEAD, forms and beacons included (fetch.spec.whatwg.org, "append a request Origin
 * header"); GET and HEAD write nothing here, and where browsers say that such a request is another site's, it is refused.
 */
export function guard({ admission, allowedHosts, allowedOrigins = [] }: GuardOptions): MiddlewareHandler {
  const hosts = allowedHosts === 'any' ? 'any' : new Set(allowedHosts.map((host) => host.toLowerCase()));
  const origins = new Set(allowedOrigins);
  return async (c, next) => {
    checkHost(c, hosts);
    checkOrigin(c, origins);
    if (isOpen(c.req.method, c.req.path)) return next();
    const caller = await admission.callerOf(c);
    if (checkRole(c, caller) === 'no route') return c.notFound();
    checkLimits(c, caller);
    setCaller(c, caller);
    return next();
  };
}

function checkHost(c: Context, allowed: ReadonlySet<string> | 'any'): void {
  if (allowed === 'any') return;
  const host = hostOf(c);
  const name = hostNameOf(host);
  if (name !== null && (isLoopback(name) || allowed.has(name) || allowed.has(host))) return;
  throw new HttpError(
    403,
    'foreign_host',
    `expected a Host that is a loopback name or an allowed one, but got ${host.slice(0, 100)}; allow the host if this server is reached by that name`,
  );
}

function checkOrigin(c: Context, allowed: ReadonlySet<string>): void {
  const origin = c.req.header('origin');
  const own = `${new URL(c.req.url).protocol}//${hostOf(c)}`;
  if (origin !== undefined && origin.toLowerCase() !== own && !allowed.has(origin)) {
    throw foreign(`Origin ${origin.slice(0, 100)}`);
  }
  const site = c.req.header('sec-fetch-site') ?? 'none';
  if (site === 'none' || site === 'same-origin' || isVisit(c)) return;
  throw foreign(`Sec-Fetch-Site ${site.slice(0, 20)}`);
}

/** A person who follows a link to the page; never one that is framed or fetched. */
function isVisit(c: Context): boolean {
  const isPage = isPagePath(c.req.path) && (c.req.method === 'GET' || c.req.method === 'HEAD');
  return isPage && c.req.header('sec-fetch-mode') === 'navigate' && c.req.header('sec-fetch-dest') === 'document';
}

function foreign(came: string): HttpError {
  const message = `expected a request from this server's own pages or from no page, but got ${came}; pages of other origins may neither write nor read here`;
  return new HttpError(403, 'foreign_origin', message);
}

/** Whether the roles of the caller cover the request. What is no route is not found, whoever asks. */
function checkRole(c: Context, { name, roles }: Caller): 'no route' | 'allowed' {
  const needed = neededRole(c.req.method, c.req.path);
  if (needed === undefined) return roles.includes('operate') ? 'allowed' : 'no route';
  if (mayAct(roles, needed)) return 'allowed';
  const message = `expected a token that may ${ROLE_MAY[needed]} (${rolesFor(needed).join(' or ')}), but got ${name}, which has ${roles.join(' and ')}; use another one, or create one with \`runledger token create NAME --role ${needed}\``;
  throw new HttpError(403, 'forbidden', message);
}

/** What is of all is refused to who is limited; a route that nobody decided on too. */
function checkLimits(c: Context, caller: Caller): void {
  const limits = limitsOf(caller);
  if (limits === undefined) return;
  const route = limitedRoute(c.req.method, c.req.path);
  if (typeof route === 'object') throw ofAll(limits, route.refused);
}
