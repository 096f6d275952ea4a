import { App } from 'aws-cdk-lib';
import { readOptions, WrongOptionsError } from '../lib/context.ts';
import { LedgerStack } from '../lib/stack.ts';

try {
  const app = new App();
  const options = readOptions(app.node);
  new LedgerStack(app, options.stackName, { options });
} catch (error) {
  if (!(error instanceof WrongOptionsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
