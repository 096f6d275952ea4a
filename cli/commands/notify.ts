import type { Command } from 'commander';
import { type Context, example, printJson, withLedger, withTarget } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { Target } from '../opened-ledger.ts';
import { plain } from '../screen/format.ts';

/** Adds the command `notify`. */
export function addNotify(program: Command, context: Context): void {
  const notify = program
    .command('notify')
    .summary('try out who is told')
    .description('Tries out the routes by which people are told.');
  const test = notify
    .command('test <route>')
    .summary('send a real message on a route')
    .description(
      'Sends a real message on a route of the file that holds, to see what arrives. Exit code 1: it did not arrive.',
    )
    .option('--json', 'print JSON')
    .action((route: string, options: Target & { json?: true }) => testOne(context, route, options));
  example(withTarget(test), 'runledger notify test ops');
}

async function testOne(context: Context, route: string, { json, ...target }: Target & { json?: true }): Promise<void> {
  const delivery = await withLedger(context, target, 'read', (ledger) => ledger.alerts.testRoute(route));
  if (json) printJson(context, delivery);
  else if (delivery.delivered)
    context.out.line(
      `${context.out.paint('green', 'sent')}  ${plain(route)} (${delivery.channel}), message ${plain(delivery.message_id)}`,
    );
  if (!delivery.delivered) throw new Stop(EXIT.failure, `the route ${plain(route)} did not take it: ${delivery.why}`);
}
