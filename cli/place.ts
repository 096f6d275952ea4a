/** Which ledger a person means, as typed. */
export interface Place {
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  /** The one in an AWS account: that of `stack`. */
  readonly aws?: true | undefined;
  readonly stack?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}
