import type { StatementLimits } from '../flows/catch-up.ts';

/** Objects are plain lines on a laptop. Read it beside `aws/statement-limits.ts`. */
export const PLAIN_LIMITS: StatementLimits = {
  /** The engine holds the lines typed, several times their size. */
  compactBytes: 64 * 1024 * 1024,
  /** Of more, an engine of 500 MB spills, and takes half as long again. */
  summarizeBytes: 256 * 1024 * 1024,
};
