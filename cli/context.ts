import { type Command, InvalidArgumentError } from 'commander';
import type { RunningServer, ServerOptions } from '../local/server.ts';
import type { Check } from './doctor/check.ts';
import type { Io } from './io.ts';
import type { OpenedLedger, OpenLedger, Place, Purpose } from './ledger.ts';
import type { runProcess } from './run-process.ts';
import { jsonShown } from './screen/format.ts';
import type { Screen } from './screen/screen.ts';

/** What every command is given. */
export interface Context {
  readonly io: Io;
  /** Answers. */
  readonly out: Screen;
  /** What is said about them. */
  readonly err: Screen;
  readonly open: OpenLedger;
  /** Looks at every link of a ledger. */
  readonly examine: (place: Place) => Promise<readonly Check[]>;
  readonly startServer: (options: ServerOptions) => Promise<RunningServer>;
  readonly runProcess: typeof runProcess;
}

/** The options that say which ledger is meant. */
export const withPlace = (command: Command): Command =>
  command
    .option('--data <dir>', 'folder of the ledger (default: $RUNLEDGER_DATA or .runledger)')
    .option('--url <url>', 'address of a served ledger (default: $RUNLEDGER_URL)')
    .option('--token <token>', 'token of a served ledger (default: $RUNLEDGER_TOKEN)');

export const example = (command: Command, ...lines: readonly string[]): Command =>
  command.addHelpText(
    'after',
    ['', lines.length > 1 ? 'Examples:' : 'Example:', ...lines.map((line) => `  $ ${line}`)].join('\n'),
  );

/** Opens the ledger that is meant, and closes it whatever happens. */
export async function withLedger<T>(
  { open }: Context,
  place: Place,
  purpose: Purpose,
  use: (ledger: OpenedLedger) => Promise<T>,
): Promise<T> {
  const ledger = await open(place, purpose);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

export const printJson = ({ out }: Context, value: unknown): void => out.line(jsonShown(value, 2));

/** Reads an option that must be a whole number. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };
