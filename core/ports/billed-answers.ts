import type { Instant } from '../instant.ts';
import type { Answer } from './answer-engine.ts';

/** Answers SELECTs where what each reads is billed. */
export interface BilledAnswers {
  /**
   * Answers one SELECT as of a moment. The same text as of the same moment is run once, whoever asks, and however often. Waits
   * for `waitMs` at most; what is then still under way goes on, and is answered to who asks again. Throws
   * `QueryRejectedError` when the text is no SELECT, does not run, or reads more than one question may, and
   * `EngineUnavailableError` when the engine cannot be asked.
   */
  answer(sql: string, asOf: Instant, limits: BilledLimits): Promise<Answer | UnderWay>;
}

export interface BilledLimits {
  readonly waitMs: number;
  readonly maxRows: number;
  /** Characters of all rows as JSON text. */
  readonly maxLength: number;
}

/** A question that the engine still works at. */
export interface UnderWay {
  readonly state: 'under way';
  readonly scanned_bytes: number;
  readonly elapsed_ms: number;
}

/** What a question costs, and what bounds it. */
export interface Billing {
  readonly dollars_per_terabyte: number;
  /** The least bytes that one question is billed for. */
  readonly least_billed_bytes: number;
  /** A question that reads more is cancelled; null where that is not known. */
  readonly most_bytes: number | null;
}
