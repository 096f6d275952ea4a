import type { Line } from './event-buffer.ts';
import { countIn, packCall } from './pack.ts';
import type { Spool } from './spool.ts';

/** What became of lines that were to be spooled: those not kept were at the end. */
export interface Kept {
  readonly kept: number;
  /** How many older events made room for them. */
  readonly deleted: number;
  readonly error?: Error;
}

/** Writes lines to a spool, in files that one call can send. Never throws. */
export function keepLines(lines: readonly Line[], spool: Spool): Kept {
  let deleted = 0;
  let kept = 0;
  try {
    while (kept < lines.length) {
      const rest = lines.slice(kept);
      const count = countIn(packCall(rest));
      deleted += spool.write(rest.slice(0, count).map((line) => line.bytes));
      kept += count;
    }
    return { kept, deleted };
  } catch (error) {
    return { kept, deleted, error: error instanceof Error ? error : new Error(String(error)) };
  }
}
