import type { Command } from 'commander';
import { counted } from '../../core/format.ts';
import { type Context, example, printJson, withTarget } from '../context.ts';
import type { Finding } from '../doctor/check.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';
import type { Style } from '../screen/screen.ts';

/** Adds the command `doctor`. */
export function addDoctor(program: Command, context: Context): void {
  const command = program
    .command('doctor')
    .summary('check every part, and say what to do')
    .description(
      'Checks every part from producer to query: what was found, and what to do about it. Changes nothing. Ends with exit code 1 when a link fails, else with 0.',
    )
    .option('--json', 'print the findings as JSON')
    .action((options: Target & { readonly json?: true }) => doctor(context, options));
  example(withTarget(command), 'runledger doctor', 'runledger --aws doctor --json');
}

async function doctor(context: Context, options: Target & { readonly json?: true }): Promise<void> {
  const { out, err } = context;
  const findings = await context.examine(options);
  const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
  const warned = findings.filter(({ verdict }) => verdict === 'warn').length;
  if (options.json) printJson(context, findings);
  else for (const line of linesOf(findings, out.paint)) out.line(line);
  if (failed > 0)
    throw new Stop(
      EXIT.failure,
      `${counted(failed, 'link')} failed${warned > 0 ? `, ${counted(warned, 'warning')}` : ''}`,
    );
  if (!options.json) err.line(err.paint('dim', warned > 0 ? counted(warned, 'warning') : 'all is well'));
}

const STYLES: Readonly<Record<Finding['verdict'], Style>> = { ok: 'green', warn: 'yellow', fail: 'red' };

function linesOf(findings: readonly Finding[], paint: Context['out']['paint']): readonly string[] {
  const width = Math.max(...findings.map(({ link }) => link.length));
  return findings.flatMap(({ link, verdict, found, todo }) => [
    `${paint(STYLES[verdict], verdict.padEnd(4))}  ${link.padEnd(width)}  ${plain(found)}`,
    ...(todo === undefined ? [] : [`${' '.repeat(width + 8)}${paint('dim', '→')} ${plain(todo)}`]),
  ]);
}
