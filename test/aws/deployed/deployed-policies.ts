import {
  CloudFormationClient,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type StackResourceSummary,
} from '@aws-sdk/client-cloudformation';
import { inject } from 'vitest';
import { type Holder, holdersOf, type Statement, withoutHash } from '../../../scripts/permissions/roles.ts';
import { resourcesOf, type Template } from '../../../scripts/template.ts';

export interface DeployedPolicies {
  /** Every role and policy of the stack, with the names its resources were given. */
  readonly holders: readonly Holder[];
  /** What a function of this name may do, by its construct's name; undefined when it is none of the stack's. */
  readonly ofFunction: (
    functionName: string,
  ) => { readonly name: string; readonly statements: readonly Statement[] } | undefined;
  /** The name that CloudFormation gave a resource, by the beginning of its logical id. */
  readonly nameOf: (logicalId: string) => string;
}

/** The policies of the deployed stack, from its template. */
export async function deployedPolicies(): Promise<DeployedPolicies> {
  const stackName = inject('outputs').WorkgroupName;
  const cloudformation = new CloudFormationClient({
    region: 'us-east-1',
    endpoint: inject('awsUrl'),
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { TemplateBody = '' } = await cloudformation.send(new GetTemplateCommand({ StackName: stackName }));
  const resources = resourcesOf(JSON.parse(TemplateBody) as Template);
  const physical = new Map(
    (await deployedResources(cloudformation, stackName)).map((each) => [
      each.LogicalResourceId ?? '',
      each.PhysicalResourceId ?? '',
    ]),
  );
  const refOf = (id: string) => {
    const name = physical.get(id);
    if (name === undefined) throw new Error(`expected a deployed resource ${id}, found none`);
    return name;
  };
  const place = { partition: 'aws', region: 'us-east-1', account: '000000000000', stackName, refOf };
  const holders = holdersOf(resources, place);
  return {
    holders,
    nameOf: (logicalId) => refOf([...physical.keys()].find((id) => id.startsWith(logicalId)) ?? logicalId),
    ofFunction: (functionName) => {
      const found = resources.find(
        ({ id, Type }) => Type === 'AWS::Lambda::Function' && physical.get(id) === functionName,
      );
      const role: string | undefined = found?.Properties.Role['Fn::GetAtt'][0];
      const holder = holders.find(({ name }) => role !== undefined && name === withoutHash(role));
      return found && holder && { name: withoutHash(found.id).replace(/Function$/, ''), statements: holder.statements };
    },
  };
}

async function deployedResources(
  client: CloudFormationClient,
  StackName: string,
): Promise<readonly StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListStackResourcesCommand({ StackName, NextToken }));
    found.push(...(page.StackResourceSummaries ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}
