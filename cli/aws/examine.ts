import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type DeployedStack, findStack } from '../../adapters/cloudformation/stack.ts';
import { assertReadOnlyElsewhere } from '../../adapters/duckdb/select-guard.ts';
import { openPorts } from '../../aws/ports.ts';
import { errorMessage } from '../../core/error-message.ts';
import { openRejections } from '../../sql/rejections.ts';
import { type Finding, fail, ok, runChecks, warn } from '../doctor/check.ts';
import { objectChecks } from '../doctor/object-checks.ts';
import { rejectionsCheck } from '../doctor/rejections-check.ts';
import type { Io } from '../io.ts';
import { measureSkew, skewFinding } from './aws-clock.ts';
import { deniedAction, explained } from './explain.ts';
import { httpChecks } from './http-check.ts';
import { ingestChecks } from './ingest-checks.ts';
import { lakeChecks } from './lake-checks.ts';
import { missingStack, type Outputs, outputsOf, settingsOf } from './outputs.ts';
import type { AwsTarget } from './target.ts';
import { topicChecks } from './topic-checks.ts';
import { watchQueries } from './watched-queries.ts';

/** Looks at every link of a deployed ledger, with the caller's own credentials. */
export async function examineStack({ stack, ...access }: AwsTarget, io: Io): Promise<readonly Finding[]> {
  const cloudFormation = new CloudFormationClient(access);
  const skew = measureSkew(cloudFormation, io.clock);
  let found: DeployedStack | undefined;
  let outputs: Outputs;
  try {
    found = await findStack(cloudFormation, stack);
    if (found === undefined) throw await missingStack(cloudFormation, stack);
    outputs = outputsOf(found);
  } catch (error) {
    return [{ link: 'stack', ...fail(errorMessage(explained(error)), 'nothing else can be looked at without it') }];
  }

  const region = await cloudFormation.config.region();
  const watched = watchQueries(io);
  const ports = openPorts(settingsOf(outputs), access, {
    ...watched.options,
    clock: io.clock,
    assertReadOnly: assertReadOnlyElsewhere,
  });
  const clients = {
    firehose: new FirehoseClient(access),
    lambda: new LambdaClient(access),
    sqs: new SQSClient({ ...access, useQueueUrlAsEndpoint: false }),
    sns: new SNSClient(access),
  };
  const summary = ports.live.summary();
  summary.catch(() => undefined);
  const denied = new Set<string>();
  const onError = (error: unknown) => {
    const action = deniedAction(error);
    const message = errorMessage(explained(error, outputs));
    if (action === undefined) return fail(message, 'fix what the message says, then check again');
    denied.add(action);
    return warn(`not looked at: ${message}`, 'or ask somebody who may');
  };
  const checks = await watched.during(() =>
    runChecks(
      [
        { link: 'stack', run: async () => stackFinding(found, region) },
        { link: 'clock', run: async () => skewFinding(skew) },
        ...ingestChecks(clients, ports, outputs, io.clock),
        ...objectChecks({
          summary: () => summary,
          waitingSince: async (stage) => (await ports.live.waitingAt(stage)).since,
          now: () => io.clock.now(),
          where: 'the log of its function in CloudWatch, and docs/operations.md under Alarms',
        }),
        ...lakeChecks(ports, io.clock),
        rejectionsCheck(async () => (await ports.engine.query(openRejections, {}))[0]?.open ?? 0),
        ...topicChecks(clients.sns, outputs),
        ...httpChecks(outputs),
      ],
      onError,
    ),
  );
  const rights =
    denied.size === 0
      ? ok('whoever asks may look at every link')
      : warn(`whoever asks may not ${[...denied].sort().join(', ')}`, `attach the policy ${outputs.OperatorPolicyArn}`);
  return [...checks, { link: 'permissions', ...rights }];
}

function stackFinding({ name, status }: DeployedStack, region: string) {
  const found = `${name} in ${region}, ${status}`;
  if (status.endsWith('_IN_PROGRESS')) return warn(found, 'a deployment is under way: look again when it is done');
  if (status.endsWith('_FAILED'))
    return fail(found, 'read the events of the stack in CloudFormation, then deploy again');
  return status.includes('ROLLBACK')
    ? warn(found, 'the last deployment was taken back: read the events of the stack, then deploy again')
    : ok(found);
}
