import { randomUUID } from 'node:crypto';

/** Environment variables with which the SDK signs for a person. */
export type Person = Readonly<Record<string, string>>;

/** The key of a new person of the emulated account who has these policies and nothing else. */
export async function signInWith(awsUrl: string, ...policyArns: readonly string[]): Promise<Person> {
  const UserName = `person-${randomUUID()}`;
  await iam(awsUrl, { Action: 'CreateUser', UserName });
  for (const PolicyArn of policyArns) await iam(awsUrl, { Action: 'AttachUserPolicy', UserName, PolicyArn });
  const key = await iam(awsUrl, { Action: 'CreateAccessKey', UserName });
  const field = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(key)?.[1] ?? '';
  return { AWS_ACCESS_KEY_ID: field('AccessKeyId'), AWS_SECRET_ACCESS_KEY: field('SecretAccessKey') };
}

async function iam(awsUrl: string, request: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(awsUrl, {
    method: 'POST',
    headers: {
      authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host',
    },
    body: new URLSearchParams({ ...request, Version: '2010-05-08' }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`IAM answered ${request.Action} with ${response.status}: ${answer}`);
  return answer;
}
