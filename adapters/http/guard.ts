import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { AwsError } from './aws-answer.ts';
import { isFirehose } from './firehose.ts';
import { hostNameOf, isLoopback } from './host.ts';
import { HttpError } from './http-error.ts';

/** Which callers are let in. */
export interface GuardOptions {
  /** What a caller must know. None: every caller that reaches the port may write and ask. */
  readonly token?: string | undefined;
  /** Names this server is reached by besides loopback's, with a port (`ledger.internal:8080`) or for any port. */
  readonly allowedHosts: readonly string[];
  /** Origins under which a proxy shows this server to browsers, such as `https://ledger.example.com`. */
  readonly allowedOrigins?: readonly string[] | undefined;
}

/**
 * Keeps out requests that a foreign page makes a browser send, and callers without the token.
 *
 * A page whose name is rebound to this address sends its own name as Host. A page of another origin sends an `Origin`
 * with every request that is not GET or HEAD, forms and beacons included (fetch.spec.whatwg.org, "append a request Origin
 * header"); GET and HEAD write nothing here, and where browsers say that such a request is another site's, it is refused.
 */
export function guard({ token, allowedHosts, allowedOrigins = [] }: GuardOptions): MiddlewareHandler {
  if (token !== undefined && !/^[\x21-\x2b\x2d-\x7e]+$/.test(token)) {
    throw new Error('expected a token of printable characters without spaces and commas, but got another; choose one');
  }
  const hosts = new Set(allowedHosts.map((host) => host.toLowerCase()));
  const origins = new Set(allowedOrigins);
  return async (c, next) => {
    checkHost(c, hosts);
    checkOrigin(c, origins);
    if (token !== undefined) checkToken(c, token);
    await next();
  };
}

function checkHost(c: Context, allowed: ReadonlySet<string>): void {
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
  const isPage = c.req.path === '/' && (c.req.method === 'GET' || c.req.method === 'HEAD');
  return isPage && c.req.header('sec-fetch-mode') === 'navigate' && c.req.header('sec-fetch-dest') === 'document';
}

function foreign(came: string): HttpError {
  const message = `expected a request from this server's own pages or from no page, but got ${came}; pages of other origins may neither write nor read here`;
  return new HttpError(403, 'foreign_origin', message);
}

function checkToken(c: Context, token: string): void {
  const given = c.req.header('authorization');
  if (isSame(keyOf(given), token)) return;
  const came = given === undefined ? 'no Authorization' : 'another';
  if (isFirehose(c)) {
    const type = given === undefined ? 'MissingAuthenticationTokenException' : 'UnrecognizedClientException';
    throw new AwsError(
      type,
      `expected the server's token as AWS access key id, but got ${came}; set AWS_ACCESS_KEY_ID`,
      401,
    );
  }
  const message = `expected "Authorization: Bearer" with the server's token, but got ${came}; send the token the server was started with`;
  throw new HttpError(401, 'unauthorized', message, { 'www-authenticate': 'Bearer realm="runledger"' });
}

/** The token of a bearer, or the access key id of an AWS signature: the part of it that names the caller. */
function keyOf(authorization = ''): string {
  const bearer = /^bearer +(\S+)$/i.exec(authorization);
  const signature = /^AWS4-\S+ +(?:.*[, ])?Credential=([^,]+)\/\d{8}\/[^/,]+\/[^/,]+\/aws4_request(?:,|$)/.exec(
    authorization,
  );
  return bearer?.[1] ?? signature?.[1] ?? '';
}

/** As long for a near miss as for a wild guess. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** Requests that never were on a wire have no Host; their URL says it. */
const hostOf = (c: Context): string => (c.req.header('host') ?? new URL(c.req.url).host).toLowerCase();
