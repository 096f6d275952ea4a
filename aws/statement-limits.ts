import type { StatementLimits } from '../flows/catch-up.ts';

/** Firehose gzips objects: they hold about twenty times as many bytes of lines. Read it beside `local/statement-limits.ts`. */
export const GZIP_LIMITS: StatementLimits = {
  compactBytes: 96 * 1024 * 1024,
  summarizeBytes: 1024 * 1024 * 1024,
};
