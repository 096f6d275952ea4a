import { type Command, InvalidArgumentError, Option } from 'commander';
import { jsonText } from '../core/json-text.ts';
import { quoted } from '../core/shell.ts';
import type { Io } from './io.ts';
import type { Ledgers } from './ledger.ts';
import type { OpenedLedger, Purpose, Target } from './opened-ledger.ts';
import type { Screen } from './screen/screen.ts';
import type { openBrowser } from './serve/open-browser.ts';
import type { runProcess } from './serve/run-process.ts';

/** What the commands reach for outside of themselves. */
export interface Dependencies extends Ledgers {
  readonly runProcess: typeof runProcess;
  readonly openBrowser: typeof openBrowser;
}

/** What every command is given. */
export interface Context extends Dependencies {
  readonly io: Io;
  /** The command line as it was typed: the program, then its arguments. */
  readonly typed: readonly string[];
  /** Whether --aws was typed. */
  readonly isAws: () => boolean;
  /** Answers. */
  readonly out: Screen;
  /** Hints, warnings and errors. */
  readonly err: Screen;
}

/** The options that say which ledger is meant. */
export const withTarget = (command: Command): Command =>
  command
    .option('--data <dir>', 'folder of the ledger (default: $RUNLEDGER_DATA, or .runledger here or in a folder above)')
    .option('--url <url>', 'address of a served ledger (default: $RUNLEDGER_URL)')
    .option('--token <token>', 'token of a served ledger (default: $RUNLEDGER_TOKEN)');

/** Which pipeline and environment are meant, as typed. */
export interface PipelineOptions {
  readonly pipeline?: string;
  /** What `--pipeline` was called; it still works. */
  readonly process?: string;
  readonly environment?: string;
}

/** The options that say which pipeline and which environment are meant. */
export const withPipeline = (command: Command, pipeline: string, environment: string): Command =>
  command
    .option('-p, --pipeline <name>', pipeline)
    .addOption(new Option('--process <name>').hideHelp())
    .option('-e, --environment <name>', environment);

export const pipelineOf = ({ pipeline, process }: PipelineOptions): string | undefined => pipeline ?? process;

/** The command line again, with this option instead of what was said of it before. */
export function typedAgain({ typed }: Context, option: string, value: string): string {
  const [program = '', ...words] = typed;
  return [program, ...[...withoutOption(withoutOption(words, option), '--token'), option, value].map(quoted)].join(' ');
}

/** What was typed, without an option and its value: a token is printed nowhere. */
export const withoutOption = (words: readonly string[], option: string): readonly string[] =>
  words.filter((word, at) => word !== option && words[at - 1] !== option && !word.startsWith(`${option}=`));

/** Adds one or more command lines to try to the help of a command. */
export const example = (command: Command, ...lines: readonly string[]): Command => {
  EXAMPLES.set(command, lines);
  return command.addHelpText(
    'after',
    ['', lines.length > 1 ? 'Examples:' : 'Example:', ...lines.map((line) => `  $ ${line}`)].join('\n'),
  );
};

const EXAMPLES = new WeakMap<Command, readonly string[]>();

export const examplesOf = (command: Command): readonly string[] => EXAMPLES.get(command) ?? [];

/** Opens the ledger that is meant, and closes it whatever happens. */
export async function withLedger<T>(
  { open }: Context,
  target: Target,
  purpose: Purpose,
  use: (ledger: OpenedLedger) => Promise<T>,
): Promise<T> {
  const ledger = await open(target, purpose);
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}

/** Prints a value as indented JSON, safe for a terminal. */
export const printJson = ({ out }: Context, value: unknown): void => out.line(jsonText(value, 2));

/** Reads an option that must be a whole number. */
export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`expected a whole number from ${least} to ${most}.`);
  };
