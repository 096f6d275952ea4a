import { expect, test } from 'vitest';
import { explained } from '../../../cli/aws/explain.ts';
import { Stop } from '../../../cli/exit-code.ts';
import { OUTPUTS } from './outputs.ts';

const named = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name, ...more });
const mayNot = (action: string): string =>
  `User: arn:aws:iam::1:user/bob is not authorized to perform: ${action} on resource: arn:x because no identity-based policy allows the ${action} action`;

test.each([
  [named('CredentialsProviderError', 'Could not load credentials from any providers'), 'no AWS credentials were found'],
  [named('ExpiredToken', 'The security token included in the request is expired'), 'have expired; renew them'],
  [named('CredentialsProviderError', 'The SSO session has expired'), 'have expired; renew them'],
  [named('InvalidClientTokenId', 'invalid'), 'AWS does not know these credentials (InvalidClientTokenId)'],
  [named('Error', 'Region is missing'), 'say it with --region, AWS_REGION or in the profile'],
  [named('Error', 'getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND' }), 'AWS cannot be reached (getaddrinfo ENOTFOUND x)'],
])('%o says what to do', (error, sentence) => {
  expect(explained(error)).toBeInstanceOf(Stop);
  expect((explained(error) as Stop).message).toContain(sentence);
});

test.each([
  ['firehose:PutRecordBatch', 'producer', 'ProducerPolicyArn'],
  ['athena:StartQueryExecution', 'reader', 'ReaderPolicyArn'],
  ['dynamodb:Query', 'reader', 'ReaderPolicyArn'],
  ['sqs:GetQueueAttributes', 'operator', 'OperatorPolicyArn'],
  ['dynamodb:UpdateItem', 'operator', 'OperatorPolicyArn'],
])('who may not %s is told to attach the policy of a %s', (action, _, output) => {
  const refused = new Error('wrapped', { cause: named('AccessDeniedException', mayNot(action)) });
  const policy = OUTPUTS[output as keyof typeof OUTPUTS];
  expect((explained(refused, OUTPUTS) as Stop).message).toBe(
    `arn:aws:iam::1:user/bob may not ${action}; attach the policy ${policy} (${output}) to it`,
  );
});

test('what AWS has no part in stays as it came', () => {
  const error = new TypeError('oh');
  expect(explained(error)).toBe(error);
});
