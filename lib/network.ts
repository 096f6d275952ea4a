import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** Where functions run in a VPC of the account. */
export interface Network {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/**
 * Lets the function run in these subnets. Their ids are enough for Lambda, so no VPC has to be looked up: what names it in
 * CloudFormation are they.
 */
export function placeInVpc(target: LambdaFunction, { subnetIds, securityGroupIds }: Network): void {
  const resource = target.node.defaultChild;
  if (!(resource instanceof CfnFunction)) throw new Error(`expected a function below ${target.node.path}, got none`);
  resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
  // "Your function's execution role must have permission to manage network interfaces" (Lambda: access to a VPC), which
  // have no names before there are any. Lambda checks them when it makes the function.
  const actions = ['CreateNetworkInterface', 'DescribeNetworkInterfaces', 'DescribeSubnets', 'DeleteNetworkInterface'];
  target.addToRolePolicy(
    new PolicyStatement({
      actions: [...actions, 'AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses'].map((action) => `ec2:${action}`),
      resources: ['*'],
    }),
  );
}
