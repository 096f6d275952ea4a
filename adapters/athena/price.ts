/**
 * US dollars for the terabyte a query scans, and the least bytes that one query is billed for: "$5.00 per TB of data scanned …
 * 10 MB minimum per query" (aws.amazon.com/athena/pricing, us-east-1, November 2026). Some regions ask more.
 */
export const DOLLARS_PER_TERABYTE = 5;
export const LEAST_BILLED_BYTES = 10_000_000;

const TERABYTE = 1_000_000_000_000;

/** About what one query costs. DDL scans nothing and costs nothing. */
export const dollarsFor = (scannedBytes: number): number =>
  scannedBytes === 0 ? 0 : (Math.max(scannedBytes, LEAST_BILLED_BYTES) / TERABYTE) * DOLLARS_PER_TERABYTE;
