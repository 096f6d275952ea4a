import type { Answer, AnswerLimits } from '../../core/ports/answer-engine.ts';
import type { DatabaseOptions } from './database.ts';

/** What crosses to the process that owns the file: texts and limits. Each request is answered by `done` or `failed`. */
export type ToEngine =
  /** The first: opens the file. */
  | { readonly kind: 'open'; readonly id: number; readonly options: DatabaseOptions }
  /** The ledger's own statements. */
  | { readonly kind: 'run'; readonly id: number; readonly schema: string; readonly statements: readonly string[] }
  /** A person's question. */
  | { readonly kind: 'ask'; readonly id: number; readonly sql: string; readonly limits: AnswerLimits }
  /** The last: closes the file. */
  | { readonly kind: 'close'; readonly id: number };

/** What comes back. */
export type FromEngine =
  /** Some rows, in order, as the text of a JSON array: short enough to be read between two requests. */
  | { readonly kind: 'rows'; readonly id: number; readonly json: string }
  /** All rows have come; of a question, what there is beside them. */
  | { readonly kind: 'done'; readonly id: number; readonly answer?: Omit<Answer, 'rows'> | undefined }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly isRefused: boolean };
