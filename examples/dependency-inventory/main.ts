import { parseArgs } from 'node:util';
import { runInventory } from './run-inventory.ts';

const HELP = `An inventory of the packages installed under node_modules, as a pipeline that reports its work to Runledger.

Usage: node --conditions=runledger-source examples/dependency-inventory/main.ts [options]

  --url URL            where the ledger listens (default: RUNLEDGER_URL, else http://127.0.0.1:4319)
  --root DIR           the folder that has node_modules (default: the current one)
  --out DIR            where the Parquet files go (default: .runledger-example)
  --run-id ID          the run's id (default: a new one)
  --environment NAME   the run's environment (default: the ledger's)
  --break              damage a copy of one manifest, to see a run fail
  --help               show this text
`;

const OPTIONS = {
  url: { type: 'string' },
  root: { type: 'string' },
  out: { type: 'string' },
  'run-id': { type: 'string' },
  environment: { type: 'string' },
  break: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

process.exitCode = await main();

/** The exit code: 0 done, 1 the pipeline failed, 2 wrong usage. */
async function main(): Promise<number> {
  let given: ReturnType<typeof parse>;
  try {
    given = parse();
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${HELP}`);
    return 2;
  }
  if (given.help) {
    console.log(HELP);
    return 0;
  }
  let began = false;
  try {
    await runInventory({
      url: given.url,
      root: given.root,
      out: given.out,
      run_id: given['run-id'],
      environment: given.environment,
      breaks: given.break,
      show: (line) => {
        began = true;
        console.log(line);
      },
    });
    return 0;
  } catch (error) {
    // Once it has begun, the pipeline shows what failed; an error before that is one of usage.
    if (!began) console.error(messageOf(error));
    return began ? 1 : 2;
  }
}

function parse() {
  return parseArgs({ options: OPTIONS }).values;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
