import type { Mask } from '../mask/mask.ts';

/** The configuration of accept: everything it needs to know beyond the line itself. All fields are required. */
export interface AcceptSettings {
  /** The environment of events that name none, such as `prod`. */
  readonly environment: string;
  /** The IANA zone in which times without a zone are read, such as `UTC` or `Europe/Paris`. */
  readonly zone: string;
  /** True keeps e-mail addresses in the field `user`; false replaces each with a stable short hash. */
  readonly keepUserEmail: boolean;
  /** Makes the hashes of people the ledger's own: without it, nobody can try out which address one is of. */
  readonly userSalt: string;
  /** Replaces secrets in a text; see `maskOf`. */
  readonly mask: Mask;
  /** Returns 32 hex digits that depend on every byte of the content. The same on every machine: it makes `event_key`. */
  readonly hash: (content: string | Uint8Array) => string;
}
