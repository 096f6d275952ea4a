import { Command, CommanderError } from 'commander';
import { errorMessage } from '../core/error-message.ts';
import { VERSION } from '../ledger/version.ts';
import { awsOptionsOf, withAwsTarget } from './aws/target.ts';
import { addBackfill } from './commands/backfill.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExpected } from './commands/expected.ts';
import { addIncidents } from './commands/incidents.ts';
import { addIngest } from './commands/ingest.ts';
import { addNotify } from './commands/notify.ts';
import { addObjects } from './commands/objects.ts';
import { addPipelines } from './commands/pipelines.ts';
import { addQuery } from './commands/query.ts';
import { addRebuild } from './commands/rebuild.ts';
import { addRecoveries } from './commands/recoveries.ts';
import { addRejections } from './commands/rejections.ts';
import { addReplay } from './commands/replay.ts';
import { addRules } from './commands/rules.ts';
import { addRuns } from './commands/runs.ts';
import { addServe } from './commands/serve.ts';
import { addShow } from './commands/show.ts';
import { addSilences } from './commands/silences.ts';
import { addStart } from './commands/start.ts';
import { addTail } from './commands/tail.ts';
import { addTokens } from './commands/token.ts';
import { addWatermark } from './commands/watermark.ts';
import type { Context, Dependencies } from './context.ts';
import { EXIT, exitCodeOf, Stop } from './exit-code.ts';
import type { Io } from './io.ts';
import { plain } from './screen/format.ts';
import { screenOf } from './screen/screen.ts';

/** Runs one command line (without node and script) and gives the exit code. Never rejects. */
export async function run(args: readonly string[], io: Io, dependencies: Dependencies): Promise<number> {
  const context: Context = { io, out: screenOf(io.stdout), err: screenOf(io.stderr), ...dependencies };
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

function programOf({ open, examine, ...given }: Context): Command {
  const { io, out, err } = given;
  const program = withAwsTarget(new Command('runledger'));
  const context: Context = {
    ...given,
    io: {
      ...io,
      // The commands that screens propose name the ledger that was asked.
      get program() {
        return [io.program, ...awsOptionsOf(program.opts())].join(' ');
      },
    },
    open: (target, purpose) => open({ ...target, ...program.opts() }, purpose),
    examine: (target) => examine({ ...target, ...program.opts() }),
  };
  program
    .description('A ledger of every data-pipeline run.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help of a command')
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(plainLines(text)),
      getOutHelpWidth: () => out.width ?? 100,
      getErrHelpWidth: () => err.width ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .hook('preAction', (_, command) => {
      const name = [command.parent?.name(), command.name()].find((each) => LOCAL.has(each ?? ''));
      if (program.opts().aws && name !== undefined) {
        throw new Stop(EXIT.usage, `\`${name}\` is of a ledger on this machine; --aws names one that runs already`);
      }
    })
    .addHelpText('after', HELP);
  addStart(program, context);
  addServe(program, context);
  addRuns(program, context);
  addShow(program, context);
  addTail(program, context);
  addQuery(program, context);
  addIngest(program, context);
  addExpected(program, context);
  addIncidents(program, context);
  addSilences(program, context);
  addPipelines(program, context);
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
  addDoctor(program, context);
  return program;
}

const LOCAL: ReadonlySet<string> = new Set(['serve', 'start', 'token']);

const HELP = `
\`runledger exec --pipeline NAME -- COMMAND\` makes a recorded run of any command.
Exit codes: 0 done, 1 it failed, 2 not understood, 3 the question was refused, 4 not found, 130 stopped.
RUNLEDGER_DATA, RUNLEDGER_URL and RUNLEDGER_TOKEN stand for --data, --url and --token.`;

/** Commander quotes what was typed. */
const plainLines = (text: string): string => text.split('\n').map(plain).join('\n');

/** One line for people; the stack only for who asks for it. */
function report(error: unknown, { io, err }: Context): void {
  const message = errorMessage(error);
  err.line(`${err.paint('red', 'error:')} ${plainLines(message.replace(/\n\s*\n/g, '\n'))}`);
  if (io.env.RUNLEDGER_DEBUG === '1' && error instanceof Error) {
    for (let each: unknown = error; each instanceof Error; each = each.cause) err.line(each.stack ?? each.message);
  }
}
