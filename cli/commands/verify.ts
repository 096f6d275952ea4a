import { type Command, InvalidArgumentError } from 'commander';
import * as z from 'zod';
import type { Chain, Problem } from '../../core/audit/chain.ts';
import type { VerifyReport } from '../../core/audit/verify-report.ts';
import { counted, countShown } from '../../core/format.ts';
import { type Context, example, printJson } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';

interface VerifyCommandOptions extends Target {
  readonly from?: string;
  readonly to?: string;
  readonly head?: true;
  readonly expect?: string;
  readonly json?: true;
}

/** Adds the command `verify`. */
export function addVerify(program: Command, context: Context): void {
  const command = program
    .command('verify')
    .summary('prove that nothing that was kept has changed since')
    .description(
      'Reads raw lines, rejections and decisions again and holds them against the manifests of their days, which are chained by hash. Names each object that is missing, changed or added, and each day whose chain is broken; then it ends with exit code 1. It changes nothing.',
    )
    .option('--data <dir>', 'folder of the ledger (default: $RUNLEDGER_DATA, or .runledger here or in a folder above)')
    .option('--from <day>', 'read the objects of this UTC day and later ones, YYYY-MM-DD (default: all)', readDay)
    .option('--to <day>', 'read the objects up to this UTC day (default: the last sealed one)', readDay)
    .option('--head', 'check the chain alone and print its newest hash: keep it where nobody can change it')
    .option('--expect <hash>', 'a hash that --head printed before: the chain must hold it', readHash)
    .option('--json', 'print the report as JSON')
    .action((options: VerifyCommandOptions) => run(context, options));
  example(
    command,
    'runledger verify --from 2025-01-01 --to 2025-12-31',
    'runledger verify --head > head.txt',
    'runledger --aws verify --expect "$(cat head.txt)" --json',
  );
}

function readDay(text: string): string {
  if (z.iso.date().safeParse(text).success) return text;
  throw new InvalidArgumentError('expected a UTC day such as 2025-11-21.');
}

function readHash(text: string): string {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  throw new InvalidArgumentError('expected the 64 hexadecimal digits that `verify --head` prints.');
}

async function run(context: Context, { from, to, head, expect, json, ...target }: VerifyCommandOptions): Promise<void> {
  if (from !== undefined && to !== undefined && from > to)
    throw new Stop(EXIT.usage, `expected --from before --to, but ${from} is after ${to}`);
  const seals = await context.sealsOf(target);
  if (head) return printHead(context, await seals.readChain(expect), json);
  const report = await withProgress(context, (onProgress) => seals.verify({ from, to, expect }, onProgress));
  const { last_day, problems } = report;
  // Nothing was read: a line that says so beside a good exit code would pass for a proof.
  const isBeyond = problems.length === 0 && from !== undefined && last_day !== null && from > last_day;
  if (json) printJson(context, report);
  else if (!isBeyond) printReport(context, report);
  if (report.head === null && problems.length === 0) throw notSealed();
  if (isBeyond)
    throw new Stop(
      EXIT.notFound,
      `expected --from up to the last sealed day, ${last_day}, got ${from}: none of these days is sealed yet; a served ledger seals each day three hours after its end`,
    );
  if (problems.length > 0)
    throw new Stop(EXIT.failure, `${counted(problems.length, 'problem')}: what is kept is not what was sealed`);
}

const notSealed = (): Stop =>
  new Stop(
    EXIT.notFound,
    'expected a sealed day, but none is: a served ledger seals each day three hours after its end',
  );

function printHead(context: Context, { head, problems }: Chain, json?: true): void {
  if (json) printJson(context, { head, problems });
  else if (head !== null && problems.length === 0) context.out.line(head);
  for (const problem of problems) if (!json) context.err.line(problemShown(problem));
  if (problems.length > 0) throw new Stop(EXIT.failure, 'the chain is not as it was sealed: its head proves nothing');
  if (head === null) throw notSealed();
}

function printReport({ out, err }: Context, report: VerifyReport): void {
  if (report.manifests > 0)
    out.line(
      `${countShown(report.verified)} objects are as they were sealed, in ${counted(report.manifests, 'manifest')} from ${report.first_day} to ${report.last_day}`,
    );
  if (report.expired > 0) out.line(`${countShown(report.expired)} are gone because they were not to be kept longer`);
  if (report.waiting > 0) out.line(`${countShown(report.waiting)} decided about earlier days since, wait to be sealed`);
  for (const { object, sealed_with } of report.late)
    out.line(plain(`late      ${object}: it came after its day was sealed, and was sealed with ${sealed_with}`));
  for (const problem of report.problems) err.line(err.paint('red', problemShown(problem)));
  if (report.head !== null) out.line(`head ${report.head}`);
}

function problemShown(problem: Problem): string {
  const of = (kind: string, what: string): string => plain(`${kind.padEnd(9)} ${what}`);
  switch (problem.kind) {
    case 'missing':
      return of('missing', `${problem.object}, which was sealed with ${problem.day}`);
    case 'changed':
      return of(
        'changed',
        `${problem.object}: expected ${countShown(problem.expected.size_bytes)} bytes with SHA-256 ${problem.expected.sha256}, got ${countShown(problem.found.size_bytes)} bytes with ${problem.found.sha256}`,
      );
    case 'unreadable':
      return of('damaged', `${problem.object}: ${problem.why}`);
    case 'added':
      return of('added', `${problem.object}: its day is sealed, and no manifest lists it`);
    case 'listed_twice':
      return of('chain', `${problem.object} is listed by the manifests of ${problem.first_day} and ${problem.day}`);
    case 'manifest_damaged':
      return of('chain', `the manifest of ${problem.day} is not as the ledger writes one`);
    case 'manifest_misplaced':
      return of('chain', `the manifest of ${problem.day} says that it is that of ${problem.says}`);
    case 'chain_broken':
      return of('chain', brokenShown(problem));
    case 'head_unknown':
      return of(
        'chain',
        `no manifest has the hash ${problem.expected}: the manifest that had it was changed, or is gone`,
      );
  }
}

function brokenShown({ day, before, expected, found }: Extract<Problem, { kind: 'chain_broken' }>): string {
  if (before === null)
    return `the manifest of ${day} is the first, but follows one with the hash ${found}, which is gone`;
  return `the manifest of ${day} follows ${found ?? 'none'}, but that of ${before}, the one before, has ${expected}: one of the two was changed, or one between them is gone`;
}

/** A line on the terminal says how far it is, where somebody looks. */
async function withProgress<T>(
  { io: { stderr } }: Context,
  work: (onProgress: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  if (stderr.isTTY !== true) return work(() => undefined);
  let shown = -1;
  try {
    return await work((done, total) => {
      const percent = Math.floor((100 * done) / total);
      if (percent === shown) return;
      shown = percent;
      stderr.write(`${CLEAR}${percent}%, ${countShown(done)} of ${countShown(total)} objects read`);
    });
  } finally {
    if (shown >= 0) stderr.write(CLEAR);
  }
}

/** The line, from its beginning, is empty. */
const CLEAR = '\r\u001b[2K';
