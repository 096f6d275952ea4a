import type { Template } from 'aws-cdk-lib/assertions';

/** Where a template is deployed. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface ResolvedResource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** The longest names that a service takes: CloudFormation cuts those it makes to them. Default: 64. */
const LONGEST: Readonly<Record<string, number>> = {
  'AWS::S3::Bucket': 63,
  'AWS::DynamoDB::Table': 255,
  'AWS::SQS::Queue': 80,
  'AWS::SNS::Topic': 256,
  'AWS::Events::EventBus': 256,
};

/** The resources with every reference in its place: names as CloudFormation makes them, `stack-LogicalId-RANDOM`. */
export function resolve(template: Template, place: Place): Readonly<Record<string, ResolvedResource>> {
  const { Resources } = template.toJSON() as { readonly Resources: Readonly<Record<string, ResolvedResource>> };
  const { partition, region, account, stackName } = place;
  const arn = (service: string, rest: string, where = `${region}:${account}`) =>
    `arn:${partition}:${service}:${where}:${rest}`;
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::AccountId': account,
    'AWS::StackName': stackName,
    'AWS::StackId': arn('cloudformation', `stack/${stackName}/5b1d2c30-9d44-11f0-8d5c-0affd5e3c2b1`),
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::NoValue': '',
  };
  const nameOf = (id: string): string => {
    const { Type = '', Properties = {} } = Resources[id] ?? {};
    const given = Properties.Name ?? (Properties.DatabaseInput as { Name?: string } | undefined)?.Name;
    if (typeof given === 'string') return given;
    const suffix = '-1A2B3C4D5E6F7';
    const name = `${stackName}-${id}`.slice(0, (LONGEST[Type] ?? 64) - suffix.length) + suffix;
    return Type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
  };
  const arnOf = (id: string): string => {
    const name = nameOf(id);
    switch (Resources[id]?.Type) {
      case 'AWS::S3::Bucket':
        return arn('s3', name, ':');
      case 'AWS::IAM::Role':
        return arn('iam', `role/${name}`, `:${account}`);
      case 'AWS::Lambda::Function':
        return arn('lambda', `function:${name}`);
      case 'AWS::DynamoDB::Table':
        return arn('dynamodb', `table/${name}`);
      case 'AWS::SQS::Queue':
        return arn('sqs', name);
      case 'AWS::SNS::Topic':
        return arn('sns', name);
      case 'AWS::Events::EventBus':
        return arn('events', `event-bus/${name}`);
      case 'AWS::Events::Rule':
        return arn('events', `rule/${name}`);
      case 'AWS::KMS::Key':
        return arn('kms', 'key/2c9e3f5a-7d30-4c1e-9b0a-5d6f7a8b9c0d');
      case 'AWS::KinesisFirehose::DeliveryStream':
        return arn('firehose', `deliverystream/${name}`);
      case 'AWS::Logs::LogGroup':
        return arn('logs', `log-group:${name}:*`);
      default:
        return arn('other', name);
    }
  };
  const attribute = (id: string, name: string): string => (/arn$/i.test(name) ? arnOf(id) : nameOf(id));
  const reference = (id: string): string =>
    pseudo[id] ?? (Resources[id]?.Type === 'AWS::SNS::Topic' ? arnOf(id) : nameOf(id));
  const walk = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') return value;
    const [[key, inner] = ['', null], ...others] = Object.entries(value);
    if (others.length === 0) {
      if (key === 'Ref') return reference(String(inner));
      if (key === 'Fn::GetAtt') return attribute(...(inner as unknown as [string, string]));
      if (key === 'Fn::Join') {
        const [separator, parts] = inner as unknown as [string, Json[]];
        return parts.map((part) => String(walk(part))).join(separator);
      }
      if (key === 'Fn::Sub') return String(inner).replace(/\$\{([^}]+)\}/g, (_, name: string) => reference(name));
    }
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, walk(each as Json)]));
  };
  return walk(Resources as unknown as Json) as unknown as Readonly<Record<string, ResolvedResource>>;
}
