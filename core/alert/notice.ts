import type { Told } from './as-of.ts';
import type { Severity } from './condition.ts';
import type { ChangeKind, NewsKind } from './incident.ts';

/** What there is to tell, in words that fit every channel. Each channel renders it and cuts it to its own size. */
export interface Notice {
  readonly kind: ChangeKind | NewsKind;
  readonly severity: Severity;
  readonly environment: string;
  readonly process_name: string;
  /** Empty when it is about no run. */
  readonly run_id: string;
  /** The same for all notices of one story, which a chat shows as one thread. */
  readonly thread: string;
  /** One line: the pipeline, what went wrong, and the error code if there is one. */
  readonly title: string;
  /** The error message and the advice for its code; empty when both are unknown. */
  readonly lines: readonly string[];
  /** Commands to run next, ready to be pasted into a shell. */
  readonly next_steps: readonly string[];
  /** Further facts by name, such as the error code, the cluster and the times. */
  readonly facts: Readonly<Record<string, string>>;
  /** What it tells of, for channels that pass on data: each incident as its change left it. Never empty. */
  readonly told: readonly Told[];
  /** Pages to go to, such as the runbook. */
  readonly links: readonly { readonly title: string; readonly url: string }[];
}
