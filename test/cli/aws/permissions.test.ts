import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, onTestFinished, test } from 'vitest';
import { examineStack } from '../../../cli/aws/examine.ts';
import { anIo } from '../fakes.ts';
import { OUTPUTS, outputList } from './outputs.ts';

const mayNot = (action: string): Error =>
  Object.assign(new Error(`User: arn:aws:iam::1:user/bob is not authorized to perform: ${action} on resource: arn:x`), {
    name: 'AccessDeniedException',
  });

/** Somebody who may find the stack, and nothing else. */
function deny(): void {
  const found = {
    StackName: 'ledger',
    StackStatus: 'CREATE_COMPLETE' as const,
    CreationTime: new Date(0),
    Outputs: outputList(),
  };
  const mocks = [
    mockClient(CloudFormationClient)
      .on(DescribeStacksCommand)
      .resolves({ Stacks: [found] }),
    mockClient(FirehoseClient).rejects(mayNot('firehose:DescribeDeliveryStream')),
    mockClient(LambdaClient).rejects(mayNot('lambda:GetFunctionConfiguration')),
    mockClient(S3Client).rejects(mayNot('s3:ListBucket')),
    mockClient(SQSClient).rejects(mayNot('sqs:GetQueueAttributes')),
    mockClient(SNSClient).rejects(mayNot('sns:ListSubscriptionsByTopic')),
    mockClient(DynamoDBDocumentClient).rejects(mayNot('dynamodb:Query')),
    mockClient(AthenaClient).rejects(mayNot('athena:ListTableMetadata')),
  ];
  onTestFinished(() => {
    for (const mock of mocks) mock.restore();
  });
}

test('what the caller may not look at is a warning with the policy to attach, and no failure of the ledger', async () => {
  deny();
  const checks = await examineStack({ stack: 'ledger', region: 'us-east-1' }, anIo());
  expect(checks.filter(({ verdict }) => verdict === 'fail')).toEqual([]);
  expect(checks.find(({ link }) => link === 'stream')).toMatchObject({
    verdict: 'warn',
    found: `not looked at: arn:aws:iam::1:user/bob may not firehose:DescribeDeliveryStream; attach the policy ${OUTPUTS.OperatorPolicyArn} (OperatorPolicyArn) to it`,
  });
  expect(checks.find(({ link }) => link === 'bucket')?.found).toContain('(ReaderPolicyArn)');
  expect(checks.at(-1)).toMatchObject({
    link: 'permissions',
    verdict: 'warn',
    found:
      'whoever asks may not athena:ListTableMetadata, dynamodb:Query, firehose:DescribeDeliveryStream, s3:ListBucket, sns:ListSubscriptionsByTopic, sqs:GetQueueAttributes',
    todo: `attach the policy ${OUTPUTS.OperatorPolicyArn}`,
  });
});
