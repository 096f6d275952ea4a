import type { FolderLedger, LedgerApi } from '../ledger/api.ts';
import type { AskQuestion } from '../ledger/limited-ledger.ts';

/** Which ledger a person means, as typed. */
export interface Target {
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  /** The one in an AWS account: that of `stack`. */
  readonly aws?: true | undefined;
  readonly stack?: string | undefined;
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** What the command means to do: only one that brings events makes a ledger where there is none. */
export type Purpose = 'read' | 'write' | 'follow';

/** What commands ask of a ledger, wherever it is. */
export interface OpenedLedger extends LedgerApi {
  /** Of a deployed ledger there is none: `doctor` checks its links one by one. */
  readonly summary?: FolderLedger['summary'];
  readonly inspect?: FolderLedger['inspect'];
  /** Asks by name a ledger that is reached over HTTP: there a token may be limited, and SQL be refused. */
  readonly ask?: AskQuestion;
  /** Runs as `runs` answers them where each of its answers costs a query: those that the live store has, without one. */
  readonly liveRuns?: LedgerApi['runs'];
  /** `http://127.0.0.1:4319`, the folder, or the stack. */
  readonly where: string;
  /** What a line holds at most, where that is less than one send. */
  readonly maxLineBytes?: number;
  /** Lines are accepted after `send`, on their way: what it counts as accepted may yet be rejected. */
  readonly acceptsLater?: true;
}

/** Opens the ledger that is meant. Throws `Stop` when it cannot be reached. */
export type OpenLedger = (target: Target, purpose: Purpose) => Promise<OpenedLedger>;
