import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { acknowledgeHelpers } from './acknowledge.ts';
import { Ledger } from './ledger.ts';
import type { Options } from './options.ts';

export interface LedgerStackProps extends StackProps {
  readonly options: Options;
}

/** A stack that holds the ledger of one environment, and nothing else. */
export class LedgerStack extends Stack {
  constructor(scope: Construct, id: string, { options, ...props }: LedgerStackProps) {
    const description = `Run ledger of environment ${options.environment}`;
    super(scope, id, { terminationProtection: options.protect, ...props, description });
    // The CDK leaves `Default` out of logical ids: they are those of the ledger's own constructs.
    new Ledger(this, 'Default', options);
    acknowledgeHelpers(this);
  }
}
