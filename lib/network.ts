import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
  const allow = { actions: INTERFACE_ACTIONS, resources: ['*'] };
  target.addToRolePolicy(new PolicyStatement(allow));
  // They are for Lambda itself. A call that the function's own code makes names the function.
  const byOwnCode = { Null: { 'lambda:SourceFunctionArn': 'false' } };
  target.addToRolePolicy(new PolicyStatement({ ...allow, effect: Effect.DENY, conditions: byOwnCode }));
}

/**
 * "Your function's execution role must have permission to manage network interfaces" (Lambda: access to a VPC). They have
 * no names before they are made. Lambda looks for these rights when it makes the function.
 */
const INTERFACE_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];
