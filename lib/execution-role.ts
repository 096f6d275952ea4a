import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * The role of a function: it may write its own log group, and what is granted besides. The managed policy
 * AWSLambdaBasicExecutionRole would let it write, and make, every log group of the account.
 */
export function executionRole(scope: Construct, id: string, logs: ILogGroup): Role {
  // Lambda takes only a role of the function's own account, so the trust needs no condition.
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logs.grantWrite(role);
  return role;
}
