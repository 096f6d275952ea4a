import type { Argument, Command, Option } from 'commander';
import { type Context, examplesOf } from '../cli/context.ts';
import { processIo } from '../cli/io.ts';
import { programOf } from '../cli/run.ts';
import { screenOf } from '../cli/screen/screen.ts';

/** The reference of the command line, from what commander itself is told. */
export function describeCommands(): string {
  const program = programOf(unused());
  const commands = program.commands.flatMap(withChildren).filter((command) => !isHidden(command));
  return [
    '<!-- Written by `npm run docs` from the commands in cli/. -->',
    '# The command line',
    '',
    'Every command has `--help`, and Tab completes commands and options: see [completion](#runledger-completion).',
    '',
    ...commands.map((command) => `- [\`${nameOf(command)}\`](#${anchorOf(command)}): ${command.summary()}`),
    '- [`runledger exec`](shell.md): makes a recorded run of any command',
    '',
    ...WHICH,
    ...rows(program.options.filter(({ long }) => long !== '--version' && !SAID.has(long ?? ''))),
    '',
    ...EXIT_CODES,
    ...commands.flatMap(sectionOf),
    '',
  ].join('\n');
}

const WHICH = [
  '## Which ledger',
  '',
  'Without a word about it: the ledger of `.runledger` in the folder you are in, or in the nearest one above it, as git finds a repository. Whether it is served makes no difference. These say otherwise, before the command or behind it:',
  '',
  '| option | |',
  '|---|---|',
  '| `--data <dir>` | the ledger of this folder; or `RUNLEDGER_DATA` |',
  '| `--url <url>` | the one that is served there; or `RUNLEDGER_URL` |',
  '| `--token <token>` | its token; better `RUNLEDGER_TOKEN`, which no list of processes shows |',
];

const EXIT_CODES = [
  '## Exit codes',
  '',
  '| | |',
  '|---|---|',
  '| 0 | done |',
  '| 1 | it failed |',
  '| 2 | the command line is wrong |',
  '| 3 | the query was rejected |',
  '| 4 | there is no such run, rejection or ledger |',
  '| 130 | it was stopped before it was done |',
  '',
  'Answers go to standard output, everything else to standard error. What goes to a pipe is never cut; `--json` is exact. `NO_COLOR` and `FORCE_COLOR` are obeyed; `RUNLEDGER_DEBUG=1` adds stack traces to errors.',
];

/** Said once, under "Which ledger". */
const SAID: ReadonlySet<string> = new Set(['--data', '--url', '--token', '--help']);

/** Of a command with commands, those; and itself where it does something, which its examples tell. */
const withChildren = (command: Command): readonly Command[] => [
  ...(command.commands.length === 0 || examplesOf(command).length > 0 ? [command] : []),
  ...command.commands.flatMap(withChildren),
];

/** Commander has no public word for it. */
const isHidden = (command: Command): boolean =>
  command.name() === 'complete' || !command.parent?.createHelp().visibleCommands(command.parent).includes(command);

const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
const anchorOf = (command: Command): string => nameOf(command).replaceAll(' ', '-');

function sectionOf(command: Command): readonly string[] {
  const given = command.registeredArguments;
  const options = command.createHelp().visibleOptions(command);
  const own = options.filter(({ long }) => !SAID.has(long ?? ''));
  const examples = examplesOf(command);
  const takes = given.map((argument) => argumentShown(argument)).join(' ');
  return [
    '',
    `## ${nameOf(command)}`,
    '',
    command.description(),
    '',
    '```',
    ...(examples.length > 0 ? examples : [[nameOf(command), takes].filter((each) => each !== '').join(' ')]),
    '```',
    ...(given.some(({ description }) => description !== '') || own.length > 0 ? ['', '| | |', '|---|---|'] : []),
    ...given.flatMap((argument) =>
      argument.description === '' ? [] : [`| \`${argumentShown(argument)}\` | ${cell(argument.description)} |`],
    ),
    ...rows(own),
  ];
}

const argumentShown = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const rows = (options: readonly Option[]): readonly string[] =>
  options.map(
    (option) => `| \`${option.flags}\` | ${cell(`${option.description}${choicesOf(option)}${usualOf(option)}`)} |`,
  );

const choicesOf = ({ argChoices }: Option): string =>
  argChoices === undefined ? '' : `: ${argChoices.map((each) => `\`${each}\``).join(', ')}`;

function usualOf({ defaultValue, defaultValueDescription }: Option): string {
  if (defaultValue === undefined || typeof defaultValue === 'boolean' || typeof defaultValue === 'object') return '';
  return ` (default: ${defaultValueDescription ?? String(defaultValue)})`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');

/** Commands are described, none is run. */
function unused(): Context {
  const io = { ...processIo(), program: 'runledger' };
  const never = (): never => {
    throw new Error('expected no command to run while commands are described');
  };
  return {
    ...{ io, typed: ['runledger'], out: screenOf(io.stdout), err: screenOf(io.stderr) },
    ...{ open: never, examine: never, tokensOf: never, sealsOf: never, startServer: never, holidays: never },
    ...{ replay: never, runProcess: never, openPage: never, openBrowser: never, isAws: () => false },
  };
}
