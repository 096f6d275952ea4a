import { assumed } from './measured.ts';
import { GB, noUsage, type Usage } from './usage.ts';

/** The function of the HTTP API has the memory that functions have by default (`lib/function.ts`). */
const MEMORY_GB = 0.5;
/** A live run as it is read: consistently, a unit for 4 KB. A run of two pings is small. */
const LIVE_RUN_READ_UNITS = 1;

/**
 * What the door costs for so many pings in runs of two, a start and an end: API Gateway, the function, and the token and
 * the notes in the live table. What the ledger does with the events, Firehose included, comes on top.
 */
export const pingUsage = (pings: number): Usage => ({
  ...noUsage,
  httpRequests: pings,
  lambdaRequests: pings,
  lambdaGbSeconds: (pings * assumed.pingMs * MEMORY_GB) / 1000,
  // The token and the notes are read consistently. An end without a run id looks among the live runs too: at an entry of
  // the index, and at the run.
  dynamodbReadUnits: pings * 2 + (pings / 2) * (0.5 + LIVE_RUN_READ_UNITS),
  // The notes of a pipeline that is pinged this way are under 1 KB.
  dynamodbWriteUnits: pings,
  logGb: (pings * assumed.requestLogBytes) / GB,
});

/** Requests that come without a token: they reach the function, and nothing behind it. */
export const refusedUsage = (requests: number): Usage => ({
  ...noUsage,
  httpRequests: requests,
  lambdaRequests: requests,
  lambdaGbSeconds: (requests * assumed.refusedMs * MEMORY_GB) / 1000,
  logGb: (requests * assumed.requestLogBytes) / GB,
});
