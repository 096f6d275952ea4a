import type { Command } from 'commander';
import { counted } from '../../core/format.ts';
import { problemShown } from '../../core/pipelines/problem.ts';
import { pricesJsonSchema } from '../../core/prices/file-schema.ts';
import { readPrices } from '../../core/prices/read-prices.ts';
import { type Context, example, printJson } from '../context.ts';
import { EXIT, Stop } from '../exit-code.ts';
import { PRICES_FILE, textOfPrices } from '../prices-file.ts';
import { plain } from '../screen/format.ts';

/** Adds the command `prices`. */
export function addPrices(program: Command, context: Context): void {
  const prices = program
    .command('prices')
    .summary('check prices.yaml, by which runs are priced')
    .description('What a node, a DPU, a DBU or a terabyte costs: the question `cost` says by these what runs cost.');
  const check = prices
    .command('check [file]')
    .summary('find what is wrong with a file')
    .description(`Checks ${PRICES_FILE}, or another file, and changes nothing. Exit code 1: something is wrong.`)
    .option('--json', 'print JSON')
    .action((file: string | undefined, options: { json?: true }) =>
      checkOne(context, file ?? PRICES_FILE, options.json),
    );
  example(check, 'runledger prices check', 'runledger query --named cost --param by=owner');
  const schema = prices
    .command('schema')
    .summary('print the JSON Schema of the file')
    .description('Prints the JSON Schema of prices.yaml, for editors.')
    .action(() => printJson(context, pricesJsonSchema()));
  example(schema, 'runledger prices schema > prices.schema.json');
}

function checkOne(context: Context, file: string, json: true | undefined): void {
  const { out } = context;
  const { prices, problems } = readPrices(textOfPrices(file));
  if (json) printJson(context, { file, problems });
  else {
    for (const problem of problems) out.line(`${out.paint('red', 'wrong')}  ${plain(problemShown(file, problem))}`);
    if (prices !== undefined) out.line(`${out.paint('green', 'ok')}     ${file}: ${counted(prices.length, 'price')}`);
  }
  if (prices === undefined) throw new Stop(EXIT.failure, `${file} cannot be used: ${problems.length} wrong`);
}
