import type { NamedToken, Revocation, RevokedToken } from '../token/named-token.ts';

/** The named tokens of a ledger as a server asks for them, each time as they are then. */
export interface NamedTokens {
  /** Whether callers need a token: from the first that was made, and also when none is left. */
  areNeeded(): boolean;
  /** The token with this secret, expired or not; undefined when there is none. */
  ofSecret(secret: string): Promise<NamedToken | undefined>;
}

/** The named tokens of a ledger as a person keeps them. */
export interface TokenStore {
  /** All of them by name, expired ones too; those that were revoked, by name; and what keeps others from being read. */
  list(): Promise<TokenList>;
  /** Keeps a token durably, its secret as a hash. False, and nothing is changed, when the name is taken. */
  create(token: NamedToken, secret: string): Promise<boolean>;
  /** Ends a token durably; its name is free again. Who did it is kept. False when there is none of this name. */
  revoke(name: string, by: Revocation): Promise<boolean>;
}

export interface TokenList {
  readonly tokens: readonly NamedToken[];
  /** The last of each name. */
  readonly revoked: readonly RevokedToken[];
  readonly problems: readonly string[];
}
