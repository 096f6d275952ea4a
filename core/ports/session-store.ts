import type { Instant } from '../instant.ts';

/** The session of a browser, as it is kept: useless without the browser's cookie. */
export interface KeptSession {
  /** A hash of the cookie. */
  readonly key: string;
  /** The token, encrypted with a key that only the cookie gives. */
  readonly sealed: string;
  readonly began_at: Instant;
  readonly used_at: Instant;
  /** From then on it opens nothing, and may be forgotten. */
  readonly ends_at: Instant;
}

/** Where the sessions of browsers are kept. */
export interface SessionStore {
  put(session: KeptSession): Promise<void>;
  get(key: string): Promise<KeptSession | undefined>;
  /** One that is not there is no failure. */
  delete(key: string): Promise<void>;
}
