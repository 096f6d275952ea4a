import type { Chain, Problem } from './chain.ts';

export interface VerifyOptions {
  /** The first and the last day of arrival whose objects are read, `YYYY-MM-DD`. Default: every sealed day. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** A head that was kept elsewhere: the chain must hold it. */
  readonly expect?: string | undefined;
}

export interface VerifyReport {
  /** SHA-256 of the last manifest; null: no day is sealed yet. */
  readonly head: string | null;
  readonly first_day: string | null;
  readonly last_day: string | null;
  readonly manifests: number;
  /** Objects of those days: read and as they were sealed, gone because their time was over, or with a problem. */
  readonly verified: number;
  readonly expired: number;
  /** Came after their day was sealed; they are in the manifest of the day beside them. */
  readonly late: readonly { readonly object: string; readonly sealed_with: string }[];
  /** Lie in days that are sealed, wait for the next seal: decisions about what happened then. */
  readonly waiting: number;
  readonly problems: readonly Problem[];
}

/** What is sealed, wherever it lies: to be proven by who wants to know. */
export interface Seals {
  /** How the manifests follow each other. Reads no object. `expected`: a head that was kept elsewhere. */
  readChain(expected?: string): Promise<Chain>;
  /** Reads every object of the wanted days. `onProgress` is told how many of how many are done. */
  verify(options: VerifyOptions, onProgress?: (done: number, total: number) => void): Promise<VerifyReport>;
}
