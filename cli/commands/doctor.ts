import type { Command } from 'commander';
import { type Context, example, printJson, withPlace } from '../context.ts';
import type { Check } from '../doctor/check.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Place } from '../ledger.ts';
import { counted, plain } from '../screen/format.ts';
import type { Style } from '../screen/screen.ts';

export function addDoctor(program: Command, context: Context): void {
  const command = program
    .command('doctor')
    .summary('look at every link, and say what to do')
    .description(
      'Looks at every link between a producer and an answer: what was found, and what to do about it. Changes nothing. Ends with exit code 1 when a link fails, else with 0.',
    )
    .option('--json', 'print the findings as JSON')
    .action((options: Place & { readonly json?: true }) => doctor(context, options));
  example(withPlace(command), 'runledger doctor', 'runledger --aws doctor --json');
}

async function doctor(context: Context, options: Place & { readonly json?: true }): Promise<void> {
  const { out, err } = context;
  const checks = await context.examine(options);
  const failed = checks.filter(({ verdict }) => verdict === 'fail').length;
  const warned = checks.filter(({ verdict }) => verdict === 'warn').length;
  if (options.json) printJson(context, checks);
  else for (const line of linesOf(checks, out.paint)) out.line(line);
  if (failed > 0)
    throw new Stop(
      EXIT.failure,
      `${counted(failed, 'link')} failed${warned > 0 ? `, ${counted(warned, 'warning')}` : ''}`,
    );
  if (!options.json) err.line(err.paint('dim', warned > 0 ? counted(warned, 'warning') : 'all is well'));
}

const STYLES: Readonly<Record<Check['verdict'], Style>> = { ok: 'green', warn: 'yellow', fail: 'red' };

function linesOf(checks: readonly Check[], paint: Context['out']['paint']): readonly string[] {
  const width = Math.max(...checks.map(({ link }) => link.length));
  return checks.flatMap(({ link, verdict, found, todo }) => [
    `${paint(STYLES[verdict], verdict.padEnd(4))}  ${link.padEnd(width)}  ${plain(found)}`,
    ...(todo === undefined ? [] : [`${' '.repeat(width + 8)}${paint('dim', '→')} ${plain(todo)}`]),
  ]);
}
