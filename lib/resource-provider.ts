import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Provider } from 'aws-cdk-lib/custom-resources';
import type { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';
import { executionRole } from './execution-role.ts';
import { functionDefaults, type LedgerFunction } from './function.ts';

/** What lets CloudFormation call a function of the ledger during a deployment. */
export function resourceProvider(
  scope: Construct,
  { function: onEventHandler }: LedgerFunction,
  options: Deployment,
): Provider {
  const logGroup = new LogGroup(scope, 'ProviderLogs', functionDefaults(options).logs);
  return new Provider(scope, 'Provider', {
    onEventHandler,
    logGroup,
    frameworkOnEventRole: executionRole(scope, 'ProviderRole', logGroup),
  });
}
