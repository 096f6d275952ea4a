import { unexpected } from './wire-value.ts';

/**
 * Where a ledger listens, before a path: as it is written, so that every client keeps what could not be sent there in the
 * same folder. Throws a TypeError for an address that is none, or that holds a password.
 */
export function baseOf(url: unknown): string {
  const expected = 'an http or https address without credentials, like "http://127.0.0.1:4319"';
  const text = typeof url === 'string' ? url.trim() : '';
  if (!URL.canParse(text)) throw unexpected('url', expected, url);
  const [, scheme, host, path] = /^(https?):\/\/([^/?#@]+)([^?#]*)/i.exec(text) ?? [];
  const { username, password } = new URL(text);
  if (!scheme || !host || username !== '' || password !== '') throw unexpected('url', expected, url);
  return `${scheme.toLowerCase()}://${host}${(path ?? '').replace(/\/+$/, '')}`;
}

/** Throws a TypeError for a token that no header can hold. */
export function authorizationOf(token: string | undefined): Readonly<Record<string, string>> {
  if (token === undefined) return {};
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new TypeError('`token`: expected printable ASCII without spaces, got something else (not shown)');
  return { authorization: `Bearer ${token}` };
}

/** The message of `fetch` is only "fetch failed"; the reason is in its cause. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || ('code' in cause ? String(cause.code) : cause.name);
}
