import type { Template } from 'aws-cdk-lib/assertions';
import { type Place as NamedPlace, resolve as resolved } from '../../scripts/permissions/resolve.ts';
import type { Resource } from '../../scripts/template.ts';

/** Where a template is deployed. */
export type Place = Omit<NamedPlace, 'refOf'>;

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
  const refOf = (id: string, type: string): string => {
    if (type === 'AWS::KMS::Key') return '2c9e3f5a-7d30-4c1e-9b0a-5d6f7a8b9c0d';
    const { Properties = {} } = Resources[id] ?? {};
    const given = Properties.Name ?? (Properties.DatabaseInput as { Name?: string } | undefined)?.Name;
    if (typeof given === 'string') return given;
    const suffix = '-1A2B3C4D5E6F7';
    const name = `${place.stackName}-${id}`.slice(0, (LONGEST[type] ?? 64) - suffix.length) + suffix;
    return type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
  };
  const resources = Object.entries(Resources).map(([id, resource]): Resource => ({ id, ...resource }));
  return Object.fromEntries(resolved(resources, { ...place, refOf }).map(({ id, ...rest }) => [id, rest]));
}
