import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context } from 'hono';
import { epochMsOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { NamedTokens } from '../../core/ports/named-tokens.ts';
import type { SessionStore } from '../../core/ports/session-store.ts';
import { countFailedAttempts } from '../../core/token/failed-attempts.ts';
import { isExpired, type NamedToken } from '../../core/token/named-token.ts';
import { addressOf } from './address.ts';
import { AwsError } from './aws-answer.ts';
import type { Caller } from './caller.ts';
import { isFirehose } from './firehose.ts';
import { HttpError } from './http-error.ts';
import { openSessions, type Sessions } from './sessions.ts';

/** The tokens that let callers in. */
export interface AdmissionOptions {
  /** The one that the server was started with. Its holder may do everything. */
  readonly token?: string | undefined;
  /** Known to this machine's user alone. It lets in like `token`, but that there is one asks nobody for a token. */
  readonly ownToken?: string | undefined;
  readonly tokens?: NamedTokens | undefined;
  readonly clock: Clock;
  /** Where the sessions of browsers are kept. Default: in this process. */
  readonly sessions?: SessionStore | undefined;
  /** Whom a request is from as what stands before this server has found out; its callers need no token. */
  readonly callerBefore?: ((c: Context) => Caller | undefined) | undefined;
}

/** Lets callers in by their tokens. */
export interface Admission {
  /** Whether callers need a token now. */
  isAsked(): boolean;
  /** Who the request is from. Throws when it has no token that holds, or its address had too many wrong ones. */
  callerOf(c: Context): Promise<Caller>;
  /** Begins a session for a token that holds: later requests of this browser are from its holder. Throws as `callerOf`. */
  signIn(c: Context, secret: string): Promise<Caller>;
  signOut(c: Context): Promise<void>;
}

const OPERATOR: Caller = { name: null, roles: ['operate'] };

/** Nobody finds that many characters by trying, so whoever sends them is let in whatever others at their address did. */
const UNGUESSABLE_LENGTH = 32;

/** Throws when a token could not travel in a header. */
export function admissionOf({ token, ownToken, tokens, clock, callerBefore, ...kept }: AdmissionOptions): Admission {
  for (const each of [token, ownToken]) {
    if (each !== undefined && !/^[\x21-\x2b\x2d-\x7e]+$/.test(each)) {
      throw new Error(
        'expected a token of printable characters without spaces and commas, but got another; choose one',
      );
    }
  }
  const failed = countFailedAttempts();
  const everyToken = [token, ownToken].filter((each) => each !== undefined);
  const sureTokens = everyToken.filter(({ length }) => length >= UNGUESSABLE_LENGTH);
  const isAsked = (): boolean => token !== undefined || tokens?.areNeeded() === true;

  const sessions: Sessions = openSessions(clock, kept.sessions);

  /** Whose token it is. Throws when it does not hold, or its address had too many wrong ones. */
  async function holderOf(c: Context, key: string): Promise<Caller> {
    const named = await tokens?.ofSecret(key);
    if (named !== undefined) {
      if (isExpired(named, clock.now())) throw expired(c, named);
      return named;
    }
    if (isOneOf(sureTokens, key)) return OPERATOR;

    const address = addressOf(c) ?? 'unknown';
    const nowMs = epochMsOf(clock.now());
    const waitMs = failed.waitMs(address, nowMs);
    if (waitMs > 0) throw tooMany(waitMs);
    if (isOneOf(everyToken, key)) return OPERATOR;
    failed.record(address, nowMs);
    throw unauthorized(c, 'another');
  }

  /** A token that held when the session began and holds no more is no wrong guess: it ends the session, and counts not. */
  async function holderOfSession(c: Context, secret: string): Promise<Caller> {
    const named = await tokens?.ofSecret(secret);
    if (named !== undefined && !isExpired(named, clock.now())) return named;
    if (named === undefined && isOneOf(everyToken, secret)) return OPERATOR;
    await sessions.end(c);
    throw named === undefined ? refusal(SESSION_OVER) : expired(c, named);
  }

  return {
    isAsked,
    callerOf: async (c) => {
      const known = callerBefore?.(c);
      if (known !== undefined) return known;
      if (!isAsked()) return OPERATOR;
      const given = c.req.header('authorization');
      if (given !== undefined) return holderOf(c, keyOf(given));
      const secret = await sessions.secretOf(c);
      if (secret !== undefined) return holderOfSession(c, secret);
      throw unauthorized(c, 'no Authorization');
    },
    signIn: async (c, secret) => {
      const known = callerBefore?.(c);
      if (known !== undefined) return known;
      const caller = await holderOf(c, secret);
      await sessions.begin(c, secret);
      return caller;
    },
    signOut: sessions.end,
  };
}

const SESSION_OVER = 'expected a token that holds, but got one that was revoked; sign in with another one';

/** The token of a bearer, or the access key id of an AWS signature: the part of it that names the caller. */
function keyOf(authorization: string): string {
  const bearer = /^bearer +(\S+)$/i.exec(authorization);
  const signature = /^AWS4-\S+ +(?:.*[, ])?Credential=([^,]+)\/\d{8}\/[^/,]+\/[^/,]+\/aws4_request(?:,|$)/.exec(
    authorization,
  );
  return bearer?.[1] ?? signature?.[1] ?? '';
}

/** As long for a near miss as for a wild guess. */
function isOneOf(tokens: readonly string[], given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return tokens.filter((token) => timingSafeEqual(digest(given), digest(token))).length > 0;
}

function unauthorized(c: Context, came: string): Error {
  if (isFirehose(c)) {
    const type = came === 'no Authorization' ? 'MissingAuthenticationTokenException' : 'UnrecognizedClientException';
    const message = `expected a token of this server as AWS access key id, but got ${came}; set AWS_ACCESS_KEY_ID`;
    return new AwsError(type, message, 401);
  }
  return refusal(
    `expected "Authorization: Bearer" with a token of this server, but got ${came}; send the token that the server was started with, or one that \`runledger token create\` made`,
  );
}

function expired(c: Context, { name, expires_at }: NamedToken): Error {
  const message = `expected a token that holds, but got ${name}, which expired at ${expires_at}; create another one with \`runledger token create\``;
  return isFirehose(c) ? new AwsError('UnrecognizedClientException', message, 401) : refusal(message);
}

const refusal = (message: string): HttpError =>
  new HttpError(401, 'unauthorized', message, { 'www-authenticate': 'Bearer realm="runledger"' });

function tooMany(waitMs: number): HttpError {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `expected a token of this server, but got too many wrong ones from this address; send the right one in ${seconds} s`;
  return new HttpError(429, 'too_many_attempts', message, { 'retry-after': String(seconds) });
}
