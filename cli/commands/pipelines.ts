import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import { errorMessage } from '../../core/error-message.ts';
import { counted, instantShown } from '../../core/format.ts';
import { epochMsOf, instantOf } from '../../core/instant.ts';
import { differencesOf } from '../../core/pipelines/difference.ts';
import { durationMs } from '../../core/pipelines/duration.ts';
import {
  type Expectation,
  type Expectations,
  expectationFor,
  NOTHING_EXPECTED,
} from '../../core/pipelines/expectations.ts';
import { fileJsonSchema } from '../../core/pipelines/json-schema.ts';
import { problemShown } from '../../core/pipelines/problem.ts';
import { readPipelines } from '../../core/pipelines/read-pipelines.ts';
import { type SeenRun, suggestedFile } from '../../core/pipelines/suggest.ts';
import { slotsOf } from '../../core/schedule/schedule.ts';
import { isZone, wallTimeOf } from '../../core/schedule/zone.ts';
import { render } from '../../sql/define-query.ts';
import { seenRuns } from '../../sql/history-of-rules.ts';
import { type Context, example, printJson, wholeNumber, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { expectationLines } from '../screen/expectation-screen.ts';
import { plain } from '../screen/format.ts';
import { WHO, whoIs } from '../who.ts';

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
    .option('--who <name>', WHO)
    .option('--json', 'print JSON')
    .action((file: string | undefined, options: ApplyOptions) => applyOne(context, file ?? PIPELINES_FILE, options));
  example(withTarget(apply), 'runledger pipelines apply');

  const init = pipelines
    .command('init')
    .summary('propose a first file from what was seen')
    .description(
      'Prints a first pipelines.yaml from the runs that the ledger has seen: usual start, weekdays, duration, with the evidence as comments. Changes nothing.',
    )
    .option('--since <duration>', 'how far back to look, such as 30d', sinceMs, durationMs('60d'))
    .option('--timezone <zone>', 'of the schedules, such as Europe/Stockholm', zone, 'UTC')
    .option('--json', 'print JSON')
    .action((options: InitOptions) => initOne(context, options));
  example(withTarget(init), 'runledger pipelines init --timezone Europe/Stockholm > pipelines.yaml');

  const diff = pipelines
    .command('diff [file]')
    .summary('show what a file would change')
    .description(`Shows what ${PIPELINES_FILE}, or another file, would change of the file that holds. Changes nothing.`)
    .option('--json', 'print JSON')
    .action((file: string | undefined, options: Target & { json?: true }) =>
      diffOne(context, file ?? PIPELINES_FILE, options),
    );
  example(withTarget(diff), 'runledger pipelines diff');

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

function sinceMs(text: string): number {
  const ms = durationMs(text);
  if (ms === undefined || ms < 3_600_000)
    throw new InvalidArgumentError('expected a duration such as 12h, 30d or 60d.');
  return ms;
}

function zone(text: string): string {
  if (isZone(text)) return text;
  throw new InvalidArgumentError('expected an IANA time zone such as Europe/Stockholm.');
}

interface InitOptions extends Target {
  readonly since: number;
  readonly timezone: string;
  readonly json?: true;
}

/** The most that one answer holds; more runs than these say no more of a pattern. */
const MAX_SEEN = 50_000;

async function initOne(context: Context, { since, timezone, json, ...target }: InitOptions): Promise<void> {
  const from = instantOf(epochMsOf(context.io.clock.now()) - since);
  const { rows } = await withLedger(context, target, 'read', (ledger) =>
    ledger.query(render(seenRuns, { since: from, limit: MAX_SEEN })),
  );
  const runs = rows.map(
    ([environment, process_name, start_time, duration_ms, status]): SeenRun => ({
      environment: String(environment),
      process_name: String(process_name),
      start_time: String(start_time),
      duration_ms: duration_ms === null ? null : Number(duration_ms),
      status: String(status),
    }),
  );
  const text = suggestedFile(runs, timezone, from);
  if (json) return printJson(context, { since: from, runs: runs.length, text });
  context.io.stdout.write(text);
}

async function diffOne(context: Context, file: string, { json, ...target }: Target & { json?: true }): Promise<void> {
  const proposed = await expectationsOfFile(context, file);
  const applied = await withLedger(context, target, 'read', (ledger) => ledger.alerts.pipelines());
  const found = differencesOf(applied?.expectations ?? NOTHING_EXPECTED, proposed);
  if (json)
    return printJson(context, {
      file,
      applied_at: applied?.applied_at ?? null,
      applied_by: applied?.applied_by ?? null,
      differences: found,
    });
  const { out } = context;
  if (found.length === 0) return out.line(`${file} changes nothing`);
  for (const { pattern, change, settings } of found) {
    out.line(`${plain(pattern)}  ${change}`);
    for (const { name, before, after } of settings)
      out.line(`  ${plain(name)}: ${plain(before ?? 'not set')} -> ${plain(after ?? 'not set')}`);
  }
}

/** What a file expects. Throws a Stop with what is wrong with it. */
export async function expectationsOfFile(context: Context, file: string): Promise<Expectations> {
  const { expectations, problems } = await read(context, file);
  if (expectations !== undefined) return expectations;
  throw new Stop(EXIT.failure, problems.map((problem) => problemShown(file, problem)).join('\n'));
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

interface ApplyOptions extends Target {
  readonly who?: string;
  readonly json?: true;
}

async function applyOne(context: Context, file: string, { json, who, ...target }: ApplyOptions): Promise<void> {
  const { io, out } = context;
  const done = await withLedger(context, target, 'read', (ledger) =>
    ledger.alerts.applyPipelines(textOf(file), whoIs(who, io)),
  );
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
  const by = applied.applied_by === undefined ? '' : ` by ${plain(applied.applied_by)}`;
  context.err.line(context.err.paint('dim', `applied ${instantShown(applied.applied_at)} UTC${by}`));
}

async function showOne(context: Context, name: string, { file, environment, limit, json }: ShowOptions): Promise<void> {
  const expectations = await expectationsOfFile(context, file);
  const expectation = expectationFor(expectations, environment, name);
  const slots = nextSlots(expectation, context.io.clock.now(), limit);
  if (json) return printJson(context, { pipeline: name, environment, ...expectation, next_slots: slots });
  const { out } = context;
  out.line(plain(name));
  for (const line of expectationLines(expectation)) out.line(line);
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

export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Stop(EXIT.notFound, `expected a file of pipelines at ${file}, but got: ${errorMessage(cause)}`);
  }
}
