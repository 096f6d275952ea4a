import { type Resource, synthesizedResources } from '../template.ts';
import type { Place } from './resolve.ts';
import { type Conditions, type Holder, holdersOf, type Statement, withoutHash } from './roles.ts';

/** `docs/permissions.md`: who may do what, from the stack's own template. */
export function describePermissions(): string {
  const resources = synthesizedResources({ httpApi: true, page: true, reports: [{ period: 'day' }] });
  const holders = holdersOf(resources, PLACE);
  const functions = resources.flatMap(functionOf);
  const named = (name: string): Holder => {
    const found = holders.find((each) => each.name === name);
    if (found === undefined)
      throw new Error(`expected a role or policy ${name}, but got none; teach permissions/page.ts`);
    return found;
  };
  const schedules = holders.filter(({ name }) => name.startsWith('SchedulerRole'));
  const covered = new Set([...functions.map(({ role }) => role), ...OTHERS.map(({ holder }) => holder)]);
  const forgotten = holders.filter((each) => !covered.has(each.name) && !schedules.includes(each));
  if (forgotten.length > 0)
    throw new Error(`expected every role on the page, but got none of ${forgotten.map(({ name }) => name)}`);

  const others = OTHERS.map(({ holder, title, about }) => section(title, about, named(holder)));
  return `<!-- Written by \`npm run docs\` from the stack's template. -->
# Permissions

Every role and policy of the stack with \`httpApi\`, \`page\` and \`reports\`, at its other default options, and nothing else: action, resource, and the condition under which it holds. Without \`httpApi\` there is neither \`ServeHttp\` nor \`TokensPolicyArn\`, without \`page\` no \`ServePage\`, without \`reports\` no \`SendReport\`. \`npm run test:aws\` runs the deployed functions under these policies, and holds each call they make against them. In a name, \`*\` is any text; a resource bears the name it has in the template.

What a statement reads and writes while it runs, Athena does with the rights of the function that started it: its rights on S3 and Glue are for that.

## Functions

Each also may be called by what is named in [operations](operations.md#what-it-does-by-itself), and by nobody outside of the account.

${functions
  .sort((a, b) => (a.title < b.title ? -1 : 1))
  .map(({ title, about, role }) => section(title, about, named(role)))
  .join('\n')}
## Others

${others.join('\n')}
### EventBridge Scheduler

${schedules.length} roles, one for each function that runs by the clock. ${[...new Set(schedules.map(trustOf))].join(' ')}

${tableOf(schedules.flatMap(({ statements }) => statements))}
`;
}

const PLACE: Place = {
  ...{ partition: 'aws', region: 'REGION', account: 'ACCOUNT', stackName: 'runledger-prod' },
  refOf: (id) => withoutHash(id),
};

const OTHERS = [
  {
    holder: 'IngestStreamRole',
    title: 'Firehose',
    about: 'The role of the stream: it has each batch transformed, and lands it.',
  },
  {
    holder: 'IngestRuleRole',
    title: 'RuleRoleArn',
    about: 'The role of rules of EventBridge that send native events of AWS into the stream.',
  },
  {
    holder: 'RecoveryWakes',
    title: 'The schedules of restarts',
    about: 'The role with which a one-time schedule calls Recover.',
  },
  { holder: 'IngestProducerPolicy', title: 'ProducerPolicyArn', about: 'For the roles of pipelines.' },
  { holder: 'ReaderPolicy', title: 'ReaderPolicyArn', about: 'For people and tools that ask.' },
  { holder: 'ResponderPolicy', title: 'ResponderPolicyArn', about: 'For who is on call.' },
  {
    holder: 'HttpApiTokensPolicy',
    title: 'TokensPolicyArn',
    about: 'With `httpApi`, for who says who may call: creates, lists and revokes tokens.',
  },
  { holder: 'OperatorPolicy', title: 'OperatorPolicyArn', about: 'For operators of the ledger.' },
  {
    holder: 'MigrationsProviderRole',
    title: 'The custom resource of the tables',
    about: 'A function of the CDK that calls MigrateTables during a deployment.',
  },
  {
    holder: 'BucketNotificationsHandler050a0587b7544547bf325f094a3db834Role',
    title: 'The notifications of the bucket',
    about: 'A function of the CDK that sets them during a deployment; all buckets of a stack share it.',
  },
] as const;

/** A function of the ledger, with its role; those of the CDK are among the others. */
function functionOf({ id, Type, Properties }: Resource) {
  const title =
    /^(?:Migrations|Ingest|LiveLane|HistoryLane|Alerting|Recovery|HttpApiPage|HttpApi|Reports)(\w+)Function$/.exec(
      withoutHash(id),
    )?.[1];
  if (Type !== 'AWS::Lambda::Function' || title === undefined) return [];
  const [role = ''] = Properties.Role['Fn::GetAtt'] as readonly string[];
  return [{ title, about: `${Properties.Description}.`, role: withoutHash(role) }];
}

function section(title: string, about: string, holder: Holder): string {
  const managed = holder.managed.map((name) => `Besides, the policy \`${name}\` of AWS.`);
  const sentences = [about, ...(trustOf(holder) === LAMBDA ? [] : [trustOf(holder)]), ...managed].filter(Boolean);
  return `### ${title}\n\n${sentences.join(' ')}\n\n${tableOf(holder.statements)}\n`;
}

/** What the role of each function says, once. */
const LAMBDA = trustText('lambda.amazonaws.com', undefined);

function trustOf({ trust }: Holder): string {
  return trust
    .map(({ Principal, Condition }) => trustText((Principal as { Service: string }).Service, Condition))
    .join(' ');
}

function trustText(service: string, condition: Conditions | undefined): string {
  return `Taken by \`${service}\`${condition === undefined ? '' : `, if ${conditionText(condition)}`}.`;
}

function tableOf(statements: readonly Statement[]): string {
  const rows = statements.flatMap(({ Effect, Action, Resource, Condition }) => {
    const services = Map.groupBy([Action].flat(), (action) => action.split(':')[0] ?? '');
    return [...services].map(([service, actions]) => {
      const names = actions.map((action) => code(action.slice(service.length + 1))).sort();
      const resources = [Resource].flat().map((each) => code(shortened(each)));
      const only = Condition === undefined ? '' : conditionText(Condition);
      return `| ${Effect === 'Deny' ? '**not** ' : ''}${service} | ${names.join(', ')} | ${resources.sort().join(', ')} | ${only} |`;
    });
  });
  return ['| service | actions | on | only if |', '|---|---|---|---|', ...new Set(rows.sort())].join('\n');
}

const conditionText = (conditions: Conditions): string =>
  Object.values(conditions)
    .flatMap((keys) => Object.entries(keys))
    .map(
      ([key, values]) =>
        `${code(key)} is ${[values]
          .flat()
          .map((value) => code(shortened(value)))
          .join(' or ')}`,
    )
    .join(' and ');

/** What is the same in every ARN is left out. */
const shortened = (arn: string): string => arn.replace(/^arn:aws:[a-z0-9]+:(REGION)?:(ACCOUNT)?:/, '');

const code = (text: string): string => `\`${text}\``;
