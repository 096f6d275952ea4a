import type { Check } from '../../iam/evaluate.ts';
import { dynamodbChecks } from './dynamodb-checks.ts';
import { glueChecks } from './glue-checks.ts';
import { arn, check, type Input, type Request } from './request.ts';
import { s3Checks } from './s3-checks.ts';

/** In which workgroup a statement runs, by its id: requests name one or the other. */
export type WorkgroupOf = (executionId: string) => string | undefined;

/** What IAM is asked for a request to a service, as the service authorization reference has it. */
export function checksOf(service: string, request: Request, workgroupOf: WorkgroupOf): readonly Check[] {
  if (service === 's3') return s3Checks(request);
  const target =
    String(request.headers['x-amz-target'] ?? '')
      .split('.')
      .at(-1) ?? '';
  if (target !== '') {
    const input = JSON.parse(request.body.toString('utf8') || '{}') as Input;
    if (service === 'dynamodb') return dynamodbChecks(target, input);
    if (service === 'glue') return glueChecks(target, input);
    return [check(`${service}:${target}`, jsonResource(service, input, workgroupOf))];
  }
  if (service === 'lambda') return [lambdaCheck(request)];
  if (service === 'scheduler') return schedulerChecks(request);
  const form = new URLSearchParams(request.body.toString('utf8'));
  return [check(`${service}:${form.get('Action') ?? request.method}`, form.get('TopicArn') ?? stackOf(form) ?? '*')];
}

/** A stack is asked for by its name or by its id. */
function stackOf(form: URLSearchParams): string | undefined {
  const stack = form.get('StackName');
  if (stack === null || stack.startsWith('arn:')) return stack ?? undefined;
  return arn('cloudformation', `stack/${stack}/*`);
}

function jsonResource(service: string, input: Input, workgroupOf: WorkgroupOf): string {
  const text = (name: string) => (typeof input[name] === 'string' ? input[name] : undefined);
  switch (service) {
    case 'athena': {
      if (text('CatalogName') !== undefined) return arn('athena', `datacatalog/${text('CatalogName')}`);
      const workgroup = text('WorkGroup') ?? workgroupOf(text('QueryExecutionId') ?? '');
      return workgroup === undefined ? '*' : arn('athena', `workgroup/${workgroup}`);
    }
    case 'events': {
      const [entry] = (input.Entries ?? []) as readonly { readonly EventBusName?: string }[];
      return arn('events', `event-bus/${entry?.EventBusName ?? 'default'}`);
    }
    case 'firehose':
      return arn('firehose', `deliverystream/${text('DeliveryStreamName')}`);
    case 'ssm':
      return arn('ssm', `parameter/${text('Name')?.replace(/^\//, '')}`);
    case 'secretsmanager':
      // Its ARN ends with six characters that AWS chose.
      return arn('secretsmanager', `secret:${text('SecretId')}-a1B2c3`);
    case 'sqs':
      return arn('sqs', text('QueueUrl')?.split('/').at(-1) ?? '*');
    default:
      return '*';
  }
}

/** `POST /schedules/NAME`, with the role that the schedule calls its target with. */
function schedulerChecks({ method, url, body }: Request): readonly Check[] {
  const [, name = '*'] = /\/schedules\/([^/?]+)/.exec(url) ?? [];
  if (method !== 'POST') return [check(`scheduler:${method}`, arn('scheduler', `schedule/*/${name}`))];
  const { GroupName = 'default', Target } = JSON.parse(body.toString('utf8')) as {
    readonly GroupName?: string;
    readonly Target: { readonly RoleArn: string };
  };
  return [
    check('scheduler:CreateSchedule', arn('scheduler', `schedule/${GroupName}/${decodeURIComponent(name)}`)),
    check('iam:PassRole', Target.RoleArn, { 'iam:PassedToService': ['scheduler.amazonaws.com'] }),
  ];
}

/** `POST /2015-03-31/functions/NAME/invocations`, and reads of a function. */
function lambdaCheck({ method, url }: Request): Check {
  const [, name = '*', what] = /\/functions\/([^/?]+)(?:\/([a-z-]+))?/.exec(url) ?? [];
  const decoded = decodeURIComponent(name);
  const resource = decoded.startsWith('arn:') ? decoded : arn('lambda', `function:${decoded}`);
  if (method === 'POST' && what === 'invocations') return check('lambda:InvokeFunction', resource);
  if (method === 'GET')
    return check(what === 'configuration' ? 'lambda:GetFunctionConfiguration' : 'lambda:GetFunction', resource);
  return check(`lambda:${method} ${what ?? ''}`, resource);
}
