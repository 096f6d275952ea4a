import { App } from 'aws-cdk-lib';
import { readOptions } from '../lib/context.ts';
import { LedgerStack } from '../lib/stack.ts';

const app = new App();
const options = readOptions(app.node);
new LedgerStack(app, options.stackName, { options });
