import { Aws } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';

/**
 * Allows to read the secrets that a file of pipelines refers to: those whose names begin with `runledger/`. Those under the
 * account's own keys of the two services need no right to use the key.
 */
export function grantSecrets(grantee: IGrantable): void {
  const arn = (service: string, resource: string) =>
    `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
  const allow = (action: string, resource: string) =>
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [resource] });
  allow('ssm:GetParameter', arn('ssm', 'parameter/runledger/*'));
  allow('secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:runledger/*'));
}
