import type { Session } from './ledger.ts';

/*
 * Of a ledger that is deployed: what the page does otherwise. Questions of history are billed by what they read, so they
 * are asked at a click, and their answers are kept for as long as the tab is open. What is now is looked at every so often.
 */

type Deployed = NonNullable<Session['deployed']>;
export type Billing = Deployed['billing'];

let known: Deployed | undefined;

/** Takes up what the ledger says of itself; nothing for one that is served from a folder. */
export function noteDeployed(deployed: Deployed | undefined): void {
  known = deployed;
}

export const deployed = (): Deployed | undefined => known;

/** Views, by their address, whose questions the reader has agreed to pay for. */
const agreed = new Set<string>();
const listeners = new Set<() => void>();

const here = (): string => location.pathname + location.search;

/** Whether the questions of this view may be asked. */
export const mayAsk = (): boolean => known === undefined || agreed.has(here());

/** Lets the questions of this view be asked, or those of the address that is gone to next. */
export function agree(address = here()): void {
  agreed.add(address);
  for (const listener of listeners) listener();
}

export function onAgreed(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** As of when each question was answered: asked again as of then, nothing is read again. Kept while the tab is open. */
const PREFIX = 'runledger as of ';
const LONGEST_MS = 20 * 3_600_000;

export function asOfOf(question: string): string | undefined {
  const asOf = sessionStorage.getItem(PREFIX + question) ?? undefined;
  return asOf !== undefined && Date.now() - Date.parse(asOf) < LONGEST_MS ? asOf : undefined;
}

export function noteAsOf(question: string, asOf: string | undefined): void {
  if (asOf === undefined) sessionStorage.removeItem(PREFIX + question);
  else sessionStorage.setItem(PREFIX + question, asOf);
}

/** What Athena bills for these bytes, in US dollars. */
export const dollarsFor = (bytes: number, { dollars_per_terabyte, least_billed_bytes }: Billing): number =>
  bytes === 0 ? 0 : (Math.max(bytes, least_billed_bytes) / 1e12) * dollars_per_terabyte;

export const dollarsShown = (dollars: number): string => {
  if (dollars === 0) return '$0';
  return dollars < 0.0001 ? 'less than $0.0001' : `about $${dollars.toFixed(dollars < 1 ? 4 : 2)}`;
};

/** What each question read last, so that a reader knows what the next one may cost. */
const costs = new Map<string, number>();
export const noteCost = (name: string, bytes: number): void => void costs.set(name, bytes);
export const lastCost = (name: string): number | undefined => costs.get(name);
