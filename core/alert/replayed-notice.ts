import type { Instant } from '../instant.ts';
import type { Severity } from './condition.ts';

/** A notice that would have been sent. */
export interface ReplayedNotice {
  readonly at: Instant;
  readonly kind: string;
  readonly severity: Severity;
  readonly environment: string;
  readonly process_name: string;
  readonly slot: string;
  readonly reasons: readonly string[];
  readonly run_ids: readonly string[];
}

/** How loud a file is: notices that open or worsen an incident. */
export const pagesOf = (notices: readonly ReplayedNotice[]): readonly ReplayedNotice[] =>
  notices.filter(({ kind }) => kind === 'opened' || kind === 'upgraded');
