import type { Instant } from '../instant.ts';

/** A row of an answer, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

/** Everything a report says: the answers of named questions, and nothing else. */
export interface Report {
  readonly title: string;
  readonly owner: string;
  readonly since: Instant;
  readonly until: Instant;
  readonly parts: readonly ReportPart[];
  /** What is not in the answers yet. */
  readonly notes: readonly string[];
}

export interface ReportPart extends PartOf {
  readonly rows: readonly Row[];
  /** There are more rows than these. */
  readonly truncated: boolean;
}

export interface PartOf {
  readonly title: string;
  /** The question, as `runledger query --named` asks it. */
  readonly question: string;
  readonly given: Readonly<Record<string, string>>;
  /** What is said where there is no row. */
  readonly nothing: string;
}
