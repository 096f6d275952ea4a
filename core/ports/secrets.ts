/** Where secrets stand: the file of pipelines holds references to them alone. */
export interface Secrets {
  /**
   * The secret that a reference such as `env:NAME` names, as it is now: one that was replaced is used at once. Throws a
   * SecretUnavailableError when there is none.
   */
  read(reference: string): Promise<string>;
}

/** There is no secret to use. The message names the reference and what to do, and never a secret. */
export class SecretUnavailableError extends Error {
  override readonly name = 'SecretUnavailableError';
}
