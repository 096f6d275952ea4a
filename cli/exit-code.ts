import { CommanderError } from 'commander';
import { QueryRejectedError } from '../core/ports/answer-engine.ts';

/** How the program ends. Scripts may rely on these; they are documented in `runledger --help`. */
export const EXIT = {
  ok: 0,
  /** Something did not work. */
  failure: 1,
  /** What was typed cannot be understood. */
  usage: 2,
  /** The ledger refused the question: not one SELECT, no such column, too slow. */
  refused: 3,
  /** There is no such run, rejection or ledger. */
  notFound: 4,
  /** It was asked to stop before it was done. */
  stopped: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An expected end with something to say: its message is printed, without a stack. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** How the program ends when a command throws that. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof Stop) return error.exitCode;
  if (error instanceof QueryRejectedError) return EXIT.refused;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  return EXIT.failure;
}
