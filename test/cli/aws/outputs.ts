import type { Outputs } from '../../../cli/aws/outputs.ts';

const arn = (what: string): string => `arn:aws:iam::1:policy/${what}`;

/** The outputs of a deployed ledger. */
export const OUTPUTS: Outputs = {
  Environment: 'prod',
  NotifyFunctionName: 'ledger-Notify',
  RecoverFunctionName: 'ledger-Recover',
  BucketName: 'ledger-bucket',
  DatabaseName: 'ledger_db',
  WorkgroupName: 'ledger',
  StreamName: 'ledger-stream',
  TableName: 'ledger-table',
  MailTopicArn: 'arn:aws:sns:us-east-1:1:mail',
  ChatTopicArn: 'arn:aws:sns:us-east-1:1:chat',
  UntrackedQueueUrl: 'https://sqs/untracked',
  UndoneQueueUrl: 'https://sqs/undone',
  ProducerPolicyArn: arn('producer'),
  ReaderPolicyArn: arn('reader'),
  ResponderPolicyArn: 'arn:aws:iam::123456789012:policy/responder',
  OperatorPolicyArn: arn('operator'),
};

/** The same as CloudFormation lists them. */
export const outputList = (outputs: object = OUTPUTS) =>
  Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
