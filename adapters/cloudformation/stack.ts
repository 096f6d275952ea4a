import { type CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';

/** A stack as CloudFormation has it. */
export interface DeployedStack {
  readonly name: string;
  /** CloudFormation's word: CREATE_COMPLETE, UPDATE_ROLLBACK_COMPLETE, … */
  readonly status: string;
  /** By output key. */
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * The stack of that name; undefined when there is none in the account and region. Throws what CloudFormation answers
 * when the caller may not ask: of a caller who may only describe one stack, of that one.
 */
export async function findStack(client: CloudFormationClient, name: string): Promise<DeployedStack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks?.map(deployed)[0];
  } catch (error) {
    // "If the stack does not exist, a ValidationError is returned" (CloudFormation API reference, DescribeStacks).
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      return undefined;
    if (isOfNoStack(error, name)) return undefined;
    throw error;
  }
}

/**
 * Who may not describe every stack is refused one that is not there, too. A stack that is there has an id, which the
 * refusal then names; of one that is not, it says `stack/NAME/*`.
 */
const isOfNoStack = (error: unknown, name: string): boolean =>
  error instanceof Error && /^AccessDenied/.test(error.name) && error.message.includes(`:stack/${name}/*`);

/** Whether an update of this stack, given by its id, has failed and is being undone. Throws what CloudFormation answers. */
export async function isRolledBack(client: CloudFormationClient, stackId: string): Promise<boolean> {
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
  return Stacks?.[0]?.StackStatus === 'UPDATE_ROLLBACK_IN_PROGRESS';
}

/** Names, in order, of the stacks whose outputs are those of a ledger. Throws as `findStack` does. */
export async function findLedgers(client: CloudFormationClient): Promise<readonly string[]> {
  const names: string[] = [];
  let from: string | undefined;
  do {
    const { Stacks, NextToken } = await client.send(new DescribeStacksCommand({ NextToken: from }));
    for (const { name, outputs } of (Stacks ?? []).map(deployed)) {
      if ('StreamName' in outputs && 'WorkgroupName' in outputs) names.push(name);
    }
    from = NextToken;
  } while (from !== undefined);
  return names.sort();
}

const deployed = ({ StackName, StackStatus, Outputs }: Stack): DeployedStack => ({
  name: StackName ?? '',
  status: StackStatus ?? '',
  outputs: Object.fromEntries(
    (Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey ?? '', OutputValue ?? '']),
  ),
});
