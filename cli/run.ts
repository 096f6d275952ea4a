import { resolve } from 'node:path';
import addCompletion from '@bomb.sh/tab/commander';
import { Command, CommanderError, Option } from 'commander';
import { errorMessage } from '../core/error-message.ts';
import { quoted } from '../core/shell.ts';
import { VERSION } from '../ledger/version.ts';
import { awsOptionsOf, withAwsTarget } from './aws/target.ts';
import { addAsked } from './commands/asked.ts';
import { addBackfill } from './commands/backfill.ts';
import { addDescribe } from './commands/describe.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvents } from './commands/events.ts';
import { addExpected } from './commands/expected.ts';
import { addIncidents } from './commands/incidents.ts';
import { addIngest } from './commands/ingest.ts';
import { addNotify } from './commands/notify.ts';
import { addObjects } from './commands/objects.ts';
import { addPipelines } from './commands/pipelines.ts';
import { addPrices } from './commands/prices.ts';
import { addQuery } from './commands/query.ts';
import { addRebuild } from './commands/rebuild.ts';
import { addRecoveries } from './commands/recoveries.ts';
import { addRejections } from './commands/rejections.ts';
import { addReplay } from './commands/replay.ts';
import { addReport } from './commands/report.ts';
import { addRules } from './commands/rules.ts';
import { addRuns } from './commands/runs.ts';
import { addServe } from './commands/serve.ts';
import { addShow } from './commands/show.ts';
import { addSilences } from './commands/silences.ts';
import { addStart } from './commands/start.ts';
import { addTail } from './commands/tail.ts';
import { addTokens } from './commands/token.ts';
import { addUi } from './commands/ui.ts';
import { addVerify } from './commands/verify.ts';
import { addWatermark } from './commands/watermark.ts';
import { type Context, type Dependencies, example } from './context.ts';
import { EXIT, exitCodeOf, Stop } from './exit-code.ts';
import type { Io } from './io.ts';
import { plain } from './screen/format.ts';
import { hinted } from './screen/hint.ts';
import { type Screen, screenOf } from './screen/screen.ts';

/** Runs one command line (without node and script) and gives the exit code. Never rejects. */
export async function run(args: readonly string[], io: Io, dependencies: Dependencies): Promise<number> {
  const context: Context = {
    io,
    typed: [io.program, ...args],
    isAws: () => false,
    out: screenOf(io.stdout),
    err: hinting(screenOf(io.stderr), io),
    ...dependencies,
  };
  try {
    const program = programOf(context);
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof CommanderError)) report(error, context);
    return exitCodeOf(error);
  }
}

/** The program with all its commands, ready to parse a command line. */
export function programOf({ open, examine, tokensOf, sealsOf, openPage, ...given }: Context): Command {
  const { io, out, err } = given;
  const program = withAwsTarget(new Command('runledger'));
  for (const name of PLACED) program.addOption(new Option(`--${name} <value>`).hideHelp());
  const context: Context = {
    ...given,
    io: {
      ...io,
      // The commands that screens propose name the ledger that was asked.
      get program() {
        const { data, url, ...aws } = program.opts();
        return [
          io.program,
          ...awsOptionsOf(aws),
          ...(data === undefined ? [] : ['--data', quoted(resolve(io.cwd, data))]),
          ...(url === undefined ? [] : ['--url', quoted(url)]),
        ].join(' ');
      },
    },
    open: (target, purpose) => open({ ...target, ...program.opts() }, purpose),
    examine: (target) => examine({ ...target, ...program.opts() }),
    tokensOf: (target) => tokensOf({ ...target, ...program.opts() }),
    sealsOf: (target) => sealsOf({ ...target, ...program.opts() }),
    openPage: (target) => openPage({ ...target, ...program.opts() }),
    isAws: () => program.opts().aws === true,
  };
  program
    .description('A ledger of every data-pipeline run.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .configureOutput({
      writeOut: (text) => io.stdout.write(hinted(text, io.program)),
      writeErr: (text) => io.stderr.write(plainLines(hinted(text, io.program))),
      getOutHelpWidth: () => out.width ?? 100,
      getErrHelpWidth: () => err.width ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .configureHelp({
      showGlobalOptions: true,
      visibleGlobalOptions: (command) =>
        command === program || isLocal(command) ? [] : program.options.filter(({ long }) => long === '--aws'),
    })
    .hook('preAction', (_, command) => {
      if (program.opts().aws && isLocal(command)) {
        const name = [command.parent?.name(), command.name()].find((each) => LOCAL.has(each ?? ''));
        throw new Stop(EXIT.usage, `\`${name}\` is of a ledger on this machine; --aws names one that runs already`);
      }
      placeOptions(program, command);
    })
    .addHelpText('after', HELP);
  addStart(program, context);
  addServe(program, context);
  addUi(program, context);
  addRuns(program, context);
  addShow(program, context);
  addEvents(program, context);
  addTail(program, context);
  addAsked(program, context);
  addQuery(program, context);
  addDescribe(program, context);
  addReport(program, context);
  addIngest(program, context);
  addExpected(program, context);
  addIncidents(program, context);
  addSilences(program, context);
  addPipelines(program, context);
  addPrices(program, context);
  addRules(program, context);
  addNotify(program, context);
  addRecoveries(program, context);
  addReplay(program, context);
  addBackfill(program, context);
  addWatermark(program, context);
  addRejections(program, context);
  addObjects(program, context);
  addRebuild(program, context);
  addTokens(program, context);
  addVerify(program, context);
  addDoctor(program, context);
  addCompletions(program);
  return program;
}

/** `completion SHELL` prints a script, which calls the hidden `complete` at each Tab. */
function addCompletions(program: Command): void {
  addCompletion(program, { completionCommandName: 'completion' });
  const command = program.commands.find((each) => each.name() === 'completion');
  if (command === undefined) return;
  command
    .summary('print the script that completes commands and options at Tab')
    .description('Prints the script with which a shell completes commands and options at Tab.');
  example(command, 'eval "$(runledger completion bash)"    # in ~/.bashrc', 'runledger completion fish | source');
}

/** Options of the commands that may stand before the command too, as hints write them. */
const PLACED = ['data', 'url', 'token'] as const;

/** Commander gives such an option to the program, wherever it stands; it is the command's. */
function placeOptions(program: Command, command: Command): void {
  for (const name of PLACED) {
    const value: unknown = program.opts()[name];
    if (value === undefined) continue;
    if (!command.options.some((option) => option.attributeName() === name)) {
      throw new Stop(EXIT.usage, `unknown option '--${name}' of \`${command.name()}\``);
    }
    command.setOptionValueWithSource(name, value, 'cli');
  }
}

const isLocal = (command: Command): boolean =>
  LOCAL.has(command.name()) || (command.parent !== null && LOCAL.has(command.parent.name()));

const LOCAL: ReadonlySet<string> = new Set(['serve', 'start']);

const HELP = `
\`runledger exec --pipeline NAME -- COMMAND\` makes a recorded run of any command.
\`runledger spool list|send\` is about what clients could not send.
Exit codes: 0 done, 1 it failed, 2 usage error, 3 query rejected, 4 not found, 130 stopped.
RUNLEDGER_DATA, RUNLEDGER_URL and RUNLEDGER_TOKEN stand for --data, --url and --token.`;

/** Answers are printed as they are; what is said beside them names commands. */
const hinting = (screen: Screen, io: Io): Screen => ({
  ...screen,
  line: (text = '') => screen.line(hinted(text, io.program)),
});

/** Commander quotes what was typed. */
const plainLines = (text: string): string => text.split('\n').map(plain).join('\n');

/** One line for people; the stack only for who asks for it. */
function report(error: unknown, { io, err }: Context): void {
  const message = hinted(errorMessage(error), io.program);
  err.line(`${err.paint('red', 'error:')} ${plainLines(message.replace(/\n\s*\n/g, '\n'))}`);
  if (io.env.RUNLEDGER_DEBUG === '1' && error instanceof Error) {
    for (let each: unknown = error; each instanceof Error; each = each.cause) err.line(each.stack ?? each.message);
  }
}
