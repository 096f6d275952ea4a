import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { type DeployedStack, findLedgers, findStack } from '../../adapters/cloudformation/stack.ts';
import type { Env } from '../../aws/env.ts';
import { EXIT, Stop } from '../exit-code.ts';

/** What the CLI has to know of a deployed ledger: outputs of its stack. */
export const outputsSchema = z.object({
  BucketName: z.string(),
  DatabaseName: z.string(),
  WorkgroupName: z.string(),
  StreamName: z.string(),
  TableName: z.string(),
  MailTopicArn: z.string(),
  ChatTopicArn: z.string(),
  UntrackedQueueUrl: z.string(),
  UndoneQueueUrl: z.string(),
  ProducerPolicyArn: z.string(),
  ReaderPolicyArn: z.string(),
  OperatorPolicyArn: z.string(),
  ResponderPolicyArn: z.string(),
  Environment: z.string(),
  NotifyFunctionName: z.string(),
  RecoverFunctionName: z.string(),
  /** Only with the option `httpApi`. */
  HttpApiUrl: z.exactOptional(z.string()),
  TokensPolicyArn: z.exactOptional(z.string()),
});
export type Outputs = z.output<typeof outputsSchema>;

/** The outputs of the stack of that name. Says which ledgers there are when it is not one of them. */
export async function readOutputs(client: CloudFormationClient, name: string): Promise<Outputs> {
  const stack = await findStack(client, name);
  if (stack === undefined) throw await missingStack(client, name);
  return outputsOf(stack);
}

/** The outputs of a stack. Throws `Stop` when it is no ledger, or one of an older version. */
export function outputsOf({ name, outputs }: DeployedStack): Outputs {
  const read = outputsSchema.safeParse(outputs);
  if (read.success) return read.data;
  const absent = read.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new Stop(
    EXIT.failure,
    'StreamName' in outputs
      ? `the stack ${name} lacks the outputs ${absent}: it is of an older version; deploy it again`
      : `the stack ${name} is no ledger: it lacks the outputs ${absent}; say which is with --stack`,
  );
}

/** The same names as the functions of the stack have them in their environment. */
export const settingsOf = ({
  BucketName,
  DatabaseName,
  WorkgroupName,
  StreamName,
  TableName,
  NotifyFunctionName,
  RecoverFunctionName,
}: Outputs): Env => ({
  LEDGER_BUCKET: BucketName,
  LEDGER_DATABASE: DatabaseName,
  LEDGER_WORKGROUP: WorkgroupName,
  LEDGER_STREAM: StreamName,
  LEDGER_TABLE: TableName,
  LEDGER_NOTIFY_FUNCTION: NotifyFunctionName,
  LEDGER_RECOVER_FUNCTION: RecoverFunctionName,
});

/** That there is no such stack, and which ledgers there are. */
export async function missingStack(client: CloudFormationClient, name: string): Promise<Stop> {
  const region = await client.config.region();
  const others = await findLedgers(client).catch(() => undefined);
  if (others === undefined)
    return new Stop(
      EXIT.notFound,
      `there is no stack ${name} in ${region} that you may see; check its name (--stack), --region and --profile`,
    );
  const advice =
    others.length === 0
      ? 'nor another ledger; say where it is with --region and --profile, or deploy one: npx cdk deploy'
      : `but ${others.length === 1 ? 'this ledger' : 'these ledgers'}: ${others.join(', ')}; say which with --stack, or another region with --region`;
  return new Stop(EXIT.notFound, `there is no stack ${name} in ${region}, ${advice}`);
}
