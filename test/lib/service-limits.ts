import type { Template } from 'aws-cdk-lib/assertions';
import { type Place, type ResolvedResource, resolve } from './resolve.ts';

/** GovCloud has the longest names. */
export const LONGEST_PLACE = { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '123456789012' } as const;

/** What the services would refuse of this template, a sentence each: neither the CDK nor cfn-lint looks for it. */
export function refusals(template: Template, place: Place): readonly string[] {
  const resources = Object.entries(resolve(template, place));
  return [
    ...resources.flatMap(([id, resource]) => (CHECKS[resource.Type]?.(resource) ?? []).map((each) => `${id}: ${each}`)),
    ...(resources.length > 500 ? [`a template has at most 500 resources, this one ${resources.length}`] : []),
  ];
}

const CHECKS: Readonly<Record<string, (resource: ResolvedResource) => readonly string[]>> = {
  // "'Days' in the Expiration action must be greater than 'Days' in the Transition action" (answer of S3).
  'AWS::S3::Bucket': ({ Properties }) =>
    (Properties.LifecycleConfiguration as { readonly Rules: readonly LifecycleRule[] }).Rules.flatMap(
      ({ Prefix, ExpirationInDays: expiry = Number.POSITIVE_INFINITY, Transitions = [] }) =>
        Transitions.filter(({ TransitionInDays }) => TransitionInDays >= expiry).map(
          ({ TransitionInDays }) =>
            `${Prefix} expires after ${expiry} days, before its transition at ${TransitionInDays}`,
        ),
    ),
  // "4 KB, for all environment variables in aggregate", measured as JSON (quotas of Lambda).
  'AWS::Lambda::Function': ({ Properties }) => {
    const { Variables = {} } = (Properties.Environment ?? {}) as { Variables?: object };
    return atMost(4096, 'bytes of environment', Buffer.byteLength(JSON.stringify(Variables)));
  },
  'AWS::Lambda::EventInvokeConfig': ({ Properties }) =>
    within(60, 21_600, 'MaximumEventAgeInSeconds', Properties.MaximumEventAgeInSeconds ?? 21_600),
  'AWS::Scheduler::Schedule': ({ Properties }) => {
    const { RetryPolicy } = Properties.Target as { readonly RetryPolicy: Readonly<Record<string, number>> };
    return within(60, 86_400, 'MaximumEventAgeInSeconds', RetryPolicy.MaximumEventAgeInSeconds);
  },
  // "The size of each managed policy cannot exceed 6,144 characters. IAM doesn't count white space" (quotas of IAM).
  'AWS::IAM::ManagedPolicy': ({ Properties }) =>
    atMost(6144, 'characters of policy', JSON.stringify(Properties.PolicyDocument).length),
  // "The aggregate policy size of the inline policies of a role cannot exceed 10,240 characters" (quotas of IAM).
  'AWS::IAM::Policy': ({ Properties }) =>
    atMost(10_240, 'characters of policy', JSON.stringify(Properties.PolicyDocument).length),
  'AWS::Athena::WorkGroup': ({ Properties }) => matching(/^[\w.-]{1,128}$/, Properties.Name),
  'AWS::Chatbot::SlackChannelConfiguration': ({ Properties }) =>
    matching(/^[A-Za-z0-9_-]{1,128}$/, Properties.ConfigurationName),
  'AWS::KinesisFirehose::DeliveryStream': ({ Properties }) => {
    const { BufferingHints } = Properties.ExtendedS3DestinationConfiguration as { BufferingHints: Buffering };
    return within(0, 900, 'IntervalInSeconds', BufferingHints.IntervalInSeconds);
  },
  // "10 seconds, 30 seconds, or any multiple of 60 seconds", and at most a day in all, a week from an hour on (PutMetricAlarm).
  'AWS::CloudWatch::Alarm': ({ Properties }) => {
    const { Period, EvaluationPeriods } = Properties as Readonly<Record<string, number>>;
    if (Period === undefined || EvaluationPeriods === undefined) return [];
    const longest = Period >= 3600 ? 7 * 86_400 : 86_400;
    return [
      ...(Period % 60 === 0 ? [] : [`a period of ${Period} s is no multiple of 60`]),
      ...atMost(longest, 'seconds of evaluation', Period * EvaluationPeriods),
    ];
  },
};

interface LifecycleRule {
  readonly Prefix?: string;
  readonly ExpirationInDays?: number;
  readonly Transitions?: readonly { readonly TransitionInDays: number }[];
}

interface Buffering {
  readonly IntervalInSeconds: number;
}

const atMost = (limit: number, what: string, value: number): readonly string[] =>
  value <= limit ? [] : [`at most ${limit} ${what}, got ${value}`];

const within = (min: number, max: number, what: string, value: unknown): readonly string[] =>
  Number(value) >= min && Number(value) <= max ? [] : [`${what} from ${min} to ${max}, got ${value}`];

const matching = (pattern: RegExp, value: unknown): readonly string[] =>
  pattern.test(String(value)) ? [] : [`a name like ${pattern}, got ${value}`];
