import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Command, Option } from 'commander';
import { quoted } from '../../core/shell.ts';
import { type Context, example, withoutOption } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { RunningServer } from '../ledger.ts';
import { dayMetrics } from '../screen/day-metrics.ts';
import { runScreen } from '../screen/run-screen.ts';
import { type ServeOptions, serverOptionsOf, withServeOptions } from '../serve/options.ts';
import { announce, serveUntil, stopSignal } from '../serve/serving.ts';

interface StartOptions extends ServeOptions {
  readonly example: string | false;
  readonly break?: true;
  readonly once?: true;
}

/** The example is bundled beside the program. */
const EXAMPLE = new URL('./dependency-inventory.mjs', import.meta.url);

/** Adds the command `start`. */
export function addStart(program: Command, context: Context): void {
  const command = program
    .command('start')
    .summary('serve a ledger and show it at work on an example')
    .description(
      'Serves a ledger, runs an example pipeline against it, shows what the ledger knows of it, and goes on serving.',
    )
    .addOption(
      new Option('--example <file>', 'the pipeline to run: a Node program that takes --url').default(
        fileURLToPath(EXAMPLE),
        'the one that comes with this program',
      ),
    )
    .option('--no-example', 'run none')
    .option('--break', 'let the example fail half way')
    .option('--once', 'end after the example; with exit code 1 if it failed')
    .action((options: StartOptions) => start(context, options));
  example(withServeOptions(command), 'runledger start', 'runledger start --once --break');
}

async function start(context: Context, options: StartOptions): Promise<void> {
  const { io } = context;
  const file = options.example;
  if (file !== false && !existsSync(file)) {
    throw new Stop(EXIT.failure, `there is no example at ${file}; use --example FILE or --no-example`);
  }
  const wanted = serverOptionsOf(options, io);
  const server = await context.startServer(wanted);
  const stop = stopSignal(context);
  await announce(context, server);
  let outcome: number | string = 0;
  try {
    if (file !== false) outcome = await runExample(context, server, { ...options, file, ...wanted }, stop);
  } catch (error) {
    await server.close();
    throw error;
  }
  if (!options.once || stop.aborted) return serveUntil(stop, server, context);
  await server.close();
  if (outcome !== 0) throw new Stop(EXIT.failure, `the example ended with ${outcome}`);
}

interface ExampleOptions {
  readonly file: string;
  readonly environment?: string | undefined;
  readonly break?: true;
  readonly once?: true;
}

/** Runs the example and shows what the ledger knows of it; says how it ended. */
async function runExample(
  context: Context,
  server: RunningServer,
  { file, environment = 'local', ...options }: ExampleOptions,
  stop: AbortSignal,
): Promise<number | string> {
  const { io, out } = context;
  out.line();
  const startedAt = io.clock.now();
  const args = ['--url', server.url, '--environment', environment, ...(options.break ? ['--break'] : [])];
  const outcome = await context.runProcess(file, args, tokenIn(io, server), stop);
  if (!stop.aborted)
    await showLatest(context, server, startedAt, { canBreak: !options.break, isOver: options.once === true });
  return outcome;
}

/** Clients read the token from the environment, where no list of processes shows it. */
const tokenIn = (io: Context['io'], { needsToken, token }: RunningServer): Context['io'] =>
  !needsToken ? io : { ...io, env: { ...io.env, RUNLEDGER_TOKEN: token } };

/** What the ledger knows of the run that just ended. */
async function showLatest(
  { out, io, typed }: Context,
  { ledger, url }: RunningServer,
  since: string,
  { canBreak, isOver }: { readonly canBreak: boolean; readonly isOver: boolean },
): Promise<void> {
  await ledger.settle();
  const latest = (await ledger.runs({ limit: 20 })).find(({ last_event_at }) => (last_event_at ?? '') >= since);
  const [shown] =
    latest === undefined
      ? []
      : await ledger.show({
          run_id: latest.run_id ?? '',
          process_name: latest.process_name ?? '',
          environment: latest.environment ?? '',
        });
  out.line();
  if (shown === undefined) return out.line('no run has reached the ledger since');
  for (const line of runScreen(shown, io.clock.now(), out, io)) out.line(line);
  out.line();
  for (const line of await dayMetrics(ledger, shown.run, out)) out.line(line);
  out.line();
  out.line(out.paint('bold', 'What to type next'));
  const isNpmStart = io.env.npm_lifecycle_event === 'start';
  const words = withoutOption(typed.slice(isNpmStart ? 2 : 1), '--token').map(quoted);
  const again = [isNpmStart ? 'npm start --' : typed[0], ...words].join(' ');
  const commands = [
    [`${io.program} runs`, 'every run, the latest first'],
    ...(isOver ? [] : [[`${io.program} tail`, 'runs as they change'] as const]),
    [`${io.program} query --list`, 'what can be asked'],
    [`${io.program} ingest FILE`, 'your own events, one JSON object per line'],
    ...(canBreak ? [[`${again} --break`, `this again, with a failure${isOver ? '' : '; Ctrl-C first'}`] as const] : []),
    // An address that nobody answers at any more is no help.
    ...(isOver ? [] : [[url, 'the page'] as const]),
  ] as const;
  const width = Math.max(...commands.map(([command]) => command.length));
  for (const [command, what] of commands) out.line(`  ${command.padEnd(width)}  ${out.paint('dim', what)}`);
}
