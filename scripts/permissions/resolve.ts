import type { Resource } from '../template.ts';

/** Where a template is deployed. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  /** What `Ref` gives of a resource. */
  readonly refOf: (logicalId: string, type: string) => string;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The resources with every reference in its place. */
export function resolve(resources: readonly Resource[], place: Place): readonly Resource[] {
  const pseudo = pseudoOf(place);
  const types = new Map(resources.map(({ id, Type }) => [id, Type]));
  const typeOf = (id: string) => types.get(id) ?? '';
  const reference = (id: string) => {
    const given = pseudo[id] ?? place.refOf(id, typeOf(id));
    return REFERRED_BY_ARN.has(typeOf(id)) ? arnOf(typeOf(id), given, place) : given;
  };
  const attribute = (id: string, name: string) =>
    /arn$/i.test(name) ? arnOf(typeOf(id), reference(id), place) : nameIn(reference(id));
  const walk = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value as { readonly [key: string]: Json });
    const [key, inner] = entries.length === 1 ? (entries[0] ?? ['', null]) : ['', null];
    if (key === 'Ref') return reference(String(inner));
    if (key === 'Fn::GetAtt') return attribute(...(inner as unknown as [string, string]));
    if (key === 'Fn::Join') {
      const [separator, parts] = inner as unknown as [string, readonly Json[]];
      return parts.map((part) => String(walk(part))).join(separator);
    }
    if (key === 'Fn::Sub') return String(inner).replace(/\$\{([^}]+)\}/g, (_, name: string) => reference(name));
    return Object.fromEntries(entries.map(([name, each]) => [name, walk(each)]));
  };
  return walk(resources as unknown as Json) as unknown as readonly Resource[];
}

const pseudoOf = ({ partition, region, account, stackName }: Place): Readonly<Record<string, string>> => ({
  'AWS::Partition': partition,
  'AWS::Region': region,
  'AWS::AccountId': account,
  'AWS::StackName': stackName,
  'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/*`,
  'AWS::URLSuffix': 'amazonaws.com',
});

const REFERRED_BY_ARN = new Set(['AWS::SNS::Topic']);

/** `Ref` gives the name of most resources, and the ARN or the address of some. */
const nameIn = (reference: string): string => reference.split(/[:/]/).at(-1) ?? reference;

function arnOf(type: string, reference: string, { partition, region, account }: Place): string {
  const name = nameIn(reference);
  const here = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  switch (type) {
    case 'AWS::S3::Bucket':
      return `arn:${partition}:s3:::${name}`;
    case 'AWS::IAM::Role':
      return `arn:${partition}:iam::${account}:role/${name}`;
    case 'AWS::Lambda::Function':
      return here('lambda', `function:${name}`);
    case 'AWS::DynamoDB::Table':
      return here('dynamodb', `table/${name}`);
    case 'AWS::SQS::Queue':
      return here('sqs', name);
    case 'AWS::SNS::Topic':
      return here('sns', name);
    case 'AWS::Events::EventBus':
      return here('events', `event-bus/${name}`);
    case 'AWS::Events::Rule':
      return here('events', `rule/${name}`);
    case 'AWS::KMS::Key':
      return here('kms', `key/${name}`);
    case 'AWS::KinesisFirehose::DeliveryStream':
      return here('firehose', `deliverystream/${name}`);
    case 'AWS::Logs::LogGroup':
      return here('logs', `log-group:${reference}:*`);
    default:
      throw new Error(`expected a type whose ARN is known, but got ${type} (${reference}); teach resolve.ts its form`);
  }
}
