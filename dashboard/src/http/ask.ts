import type * as z from 'zod';
import type { failureAnswer, underWayAnswer } from '../../../adapters/http/contract.ts';
import { noteDate } from '../time/clock.ts';

/** The ledger answered that it did not do it: its message says what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** No ledger answered. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

/** A question that the ledger still works at: it is asked again, as of that moment. */
export class UnderWay extends Error {
  override readonly name = 'UnderWay';
  readonly asOf: string;

  constructor(message: string, asOf: string) {
    super(message);
    this.asOf = asOf;
  }
}

/** What stands before the ledger lets a reader in by this; it is forgotten when the page is left. */
let bearer: string | undefined;
export function signInAs(token: string | undefined): void {
  bearer = token;
}

const listeners = new Set<(message: string) => void>();

/** Calls the listener when an answer says that the token holds no more. */
export function onSignedOut(listener: (message: string) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

interface Asking {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  /** A body that is text as it stands. */
  readonly text?: string;
  readonly signal?: AbortSignal | undefined;
  /** The moment as of which a billed question was asked before. */
  readonly asOf?: string | undefined;
}

/** Asks the ledger that served this page. What comes has the type that the contract gives it. */
export async function ask<T>(
  path: string,
  { method = 'GET', body, text: plain, signal, asOf }: Asking = {},
): Promise<T> {
  const type = plain === undefined ? 'application/json' : 'application/x-ndjson';
  const sent = plain ?? (body === undefined ? undefined : JSON.stringify(body));
  const text = await textOf(path, {
    method,
    ...(signal && { signal }),
    ...(sent !== undefined && { body: sent }),
    headers: {
      ...(sent !== undefined && { 'content-type': type }),
      ...(asOf !== undefined && { 'x-runledger-as-of': asOf }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    },
  });
  return JSON.parse(text) as T;
}

export async function textOf(path: string, init: RequestInit): Promise<string> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, { ...init, credentials: 'same-origin' });
    text = await response.text();
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new Unreachable('the ledger does not answer; it may be stopped, or your connection is gone', { cause });
  }
  noteDate(response.headers.get('date'));
  const failure = failureIn(text);
  if (response.ok && failure === undefined) return text;
  if (response.status === 202) {
    const { error, under_way } = JSON.parse(text) as z.output<typeof underWayAnswer>;
    throw new UnderWay(error.message, under_way.as_of);
  }
  const { code, message } = failure ?? { code: 'internal', message: `the ledger answered ${response.status}` };
  if (response.status === 401 && path !== '/api/session') for (const listener of listeners) listener(message);
  throw new Refused(response.status, code, message);
}

function failureIn(text: string): z.output<typeof failureAnswer>['error'] | undefined {
  if (!text.trimStart().startsWith('{"error"')) return undefined;
  try {
    return (JSON.parse(text) as z.output<typeof failureAnswer>).error;
  } catch {
    return undefined;
  }
}
