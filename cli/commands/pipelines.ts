import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { errorMessage } from '../../core/error-message.ts';
import { counted } from '../../core/format.ts';
import { type Expectation, expectationFor } from '../../core/pipelines/expectations.ts';
import { fileJsonSchema } from '../../core/pipelines/json-schema.ts';
import { problemShown } from '../../core/pipelines/problem.ts';
import { readPipelines } from '../../core/pipelines/read-pipelines.ts';
import { slotsOf } from '../../core/schedule/schedule.ts';
import { wallTimeOf } from '../../core/schedule/zone.ts';
import { type Context, example, printJson, wholeNumber, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';

/** The file where none is named. */
export const PIPELINES_FILE = 'pipelines.yaml';

/** Adds the command `pipelines`. */
export function addPipelines(program: Command, context: Context): void {
  const pipelines = program
    .command('pipelines')
    .summary('check what pipelines.yaml expects, and show it')
    .description('What is expected of pipelines: when each starts, how long it takes, who is told when it does not.');

  const check = pipelines
    .command('check [file]')
    .summary('find what is wrong with a file')
    .description(`Checks ${PIPELINES_FILE}, or another file, and changes nothing. Exit code 1: something is wrong.`)
    .option('--json', 'print JSON')
    .action((file: string | undefined, options: { json?: true }) =>
      checkOne(context, file ?? PIPELINES_FILE, options.json),
    );
  example(check, 'runledger pipelines check', 'runledger pipelines check ci/pipelines.yaml --json');

  const show = pipelines
    .command('show <pipeline>')
    .summary('show what is expected of one, and its next slots')
    .description('Shows what is expected of the pipeline of this name, with every pattern and default resolved.')
    .option('--file <file>', 'the file to read', PIPELINES_FILE)
    .option('--environment <name>', 'of which environment', 'prod')
    .option('-n, --limit <count>', 'how many of its next slots', wholeNumber(0, 1000), 5)
    .option('--json', 'print JSON')
    .action((name: string, options: ShowOptions) => showOne(context, name, options));
  example(show, 'runledger pipelines show orders_daily --limit 10');

  const apply = pipelines
    .command('apply [file]')
    .summary('let a file hold from now on')
    .description(`Lets ${PIPELINES_FILE}, or another file, hold from now on. One with a problem changes nothing.`)
    .option('--json', 'print JSON')
    .action((file: string | undefined, options: Target & { json?: true }) =>
      applyOne(context, file ?? PIPELINES_FILE, options),
    );
  example(withTarget(apply), 'runledger pipelines apply');

  const current = pipelines
    .command('current')
    .summary('print the file that holds')
    .description('Prints the text of the file that holds, as it was applied.')
    .action((options: Target) => printCurrent(context, options));
  example(withTarget(current), 'runledger pipelines current | diff - pipelines.yaml');

  const schema = pipelines
    .command('schema')
    .summary('print the JSON Schema of the file')
    .description(
      'Prints the JSON Schema of pipelines.yaml, for editors: `# yaml-language-server: $schema=FILE` in its first line.',
    )
    .action(() => printJson(context, fileJsonSchema()));
  example(schema, 'runledger pipelines schema > pipelines.schema.json');
}

interface ShowOptions {
  readonly file: string;
  readonly environment: string;
  readonly limit: number;
  readonly json?: true;
}

async function checkOne(context: Context, file: string, json?: true): Promise<void> {
  const { expectations, problems, warnings } = await read(context, file);
  if (json) printJson(context, { file, problems, warnings });
  else {
    for (const problem of problems)
      context.out.line(`${context.out.paint('red', 'wrong')}     ${plain(problemShown(file, problem))}`);
    for (const warning of warnings)
      context.out.line(`${context.out.paint('yellow', 'doubtful')}  ${plain(problemShown(file, warning))}`);
    if (expectations !== undefined)
      context.out.line(
        `${context.out.paint('green', 'ok')}        ${file}: ${counted(expectations.pipelines.length, 'pipeline')} or patterns`,
      );
  }
  if (expectations === undefined) throw new Stop(EXIT.failure, `${file} cannot be used: ${problems.length} wrong`);
}

async function applyOne(context: Context, file: string, { json, ...target }: Target & { json?: true }): Promise<void> {
  const { out } = context;
  const done = await withLedger(context, target, 'read', (ledger) => ledger.alerts.applyPipelines(textOf(file)));
  if (json) printJson(context, done);
  else
    for (const problem of done.problems)
      out.line(`${out.paint('red', 'wrong')}     ${plain(problemShown(file, problem))}`);
  if (done.problems.length > 0) throw new Stop(EXIT.failure, `${file} changed nothing: ${done.problems.length} wrong`);
  if (!json)
    out.line(`${out.paint('green', 'ok')}        ${file} holds; watched: ${counted(done.watched.length, 'pipeline')}`);
}

async function printCurrent(context: Context, target: Target): Promise<void> {
  const applied = await withLedger(context, target, 'read', (ledger) => ledger.alerts.pipelines());
  if (applied === undefined) throw new Stop(EXIT.notFound, 'no file of pipelines has been applied');
  context.io.stdout.write(applied.text);
}

async function showOne(context: Context, name: string, { file, environment, limit, json }: ShowOptions): Promise<void> {
  const { expectations, problems } = await read(context, file);
  if (expectations === undefined) {
    throw new Stop(EXIT.failure, `${problems.map((problem) => problemShown(file, problem)).join('\n')}`);
  }
  const expectation = expectationFor(expectations, environment, name);
  const slots = nextSlots(expectation, context.io.clock.now(), limit);
  if (json) return printJson(context, { pipeline: name, environment, ...expectation, next_slots: slots });
  const { out } = context;
  out.line(plain(name));
  for (const [key, value] of Object.entries(expectation)) {
    if (value !== undefined && key !== 'pattern')
      out.line(`  ${key.padEnd(18)}${plain(typeof value === 'object' ? JSON.stringify(value) : String(value))}`);
  }
  const zone = expectation.schedule?.timezone ?? 'UTC';
  for (const [at, slot] of slots.entries()) {
    out.line(`  ${(at === 0 ? 'next slots' : '').padEnd(18)}${wallTimeOf(slot, zone)} ${zone}  (${slot})`);
  }
}

function nextSlots({ schedule }: Expectation, now: string, limit: number): readonly string[] {
  if (schedule === undefined) return [];
  const slots: string[] = [];
  const all = slotsOf(schedule);
  for (let slot = all.after(now); slot !== undefined && slots.length < limit; slot = all.after(slot)) slots.push(slot);
  return slots;
}

async function read({ holidays }: Context, file: string) {
  return readPipelines(textOf(file), await holidays());
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Stop(EXIT.notFound, `expected a file of pipelines at ${file}, but got: ${errorMessage(cause)}`);
  }
}
