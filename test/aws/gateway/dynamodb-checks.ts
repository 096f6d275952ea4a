import type { Check } from '../../iam/evaluate.ts';
import { arn, check, type Input } from './request.ts';

type Item = Readonly<Record<string, { readonly S?: string }>>;
type Requests = Readonly<Record<string, unknown>>;

/**
 * What IAM is asked for a request to DynamoDB. A transaction is asked for action by action; `dynamodb:LeadingKeys` has
 * every partition key that a request names.
 */
export function dynamodbChecks(operation: string, input: Input): readonly Check[] {
  const table = (name: unknown) => arn('dynamodb', `table/${name}`);
  const one = (action: string, name: unknown, keys: readonly (string | undefined)[]) =>
    check(`dynamodb:${action}`, table(name), { 'dynamodb:LeadingKeys': keys.map((key) => key ?? '') });
  switch (operation) {
    case 'GetItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [one(operation, input.TableName, [partitionOf(input.Key)])];
    case 'PutItem':
      return [one(operation, input.TableName, [partitionOf(input.Item)])];
    case 'Query': {
      const { TableName, IndexName } = input;
      const keys = { 'dynamodb:LeadingKeys': [partitionQueried(input)] };
      return [
        check('dynamodb:Query', `${table(TableName)}${IndexName === undefined ? '' : `/index/${IndexName}`}`, keys),
      ];
    }
    case 'BatchGetItem':
      return Object.entries(input.RequestItems as Requests).map(([name, request]) =>
        one(operation, name, (request as { readonly Keys: readonly Item[] }).Keys.map(partitionOf)),
      );
    case 'BatchWriteItem':
      return Object.entries(input.RequestItems as Requests).map(([name, requests]) =>
        one(
          operation,
          name,
          (requests as readonly Requests[]).map(({ PutRequest, DeleteRequest }) =>
            partitionOf((PutRequest as Requests | undefined)?.Item ?? (DeleteRequest as Requests | undefined)?.Key),
          ),
        ),
      );
    case 'TransactWriteItems':
      return (input.TransactItems as readonly Readonly<Record<string, Input>>[]).flatMap((item) =>
        Object.entries(item).map(([kind, action]) =>
          one(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, action.TableName, [
            partitionOf(action.Key ?? action.Item),
          ]),
        ),
      );
    default:
      return [check(`dynamodb:${operation}`, table(input.TableName ?? '*'))];
  }
}

const partitionOf = (item: unknown): string | undefined => (item as Item | undefined)?.pk?.S;

/** The value that the first name of the condition has to equal: of a table or an index, that is the partition. */
function partitionQueried({ KeyConditionExpression, ExpressionAttributeValues }: Input): string {
  const [, value = ''] = /^\s*[\w#]+\s*=\s*(:\w+)/.exec(String(KeyConditionExpression)) ?? [];
  return (ExpressionAttributeValues as Item | undefined)?.[value]?.S ?? '';
}
