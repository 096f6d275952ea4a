import { DeleteCommand, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { TableSettings } from '../../../adapters/dynamodb/access.ts';
import { mockedTable, refusal } from './fakes.ts';

type Item = Readonly<Record<string, unknown>>;

/**
 * A table in memory that gets, puts, updates and deletes single items and queries partitions, under the conditions that the
 * notification log, the leases, the tokens and the pings write: `attribute_not_exists`, `=`, `<=`, `and`, `or` and brackets. An expression with anything else is an error.
 */
export function aTable(): TableSettings {
  const { mock, settings } = mockedTable();
  const items = new Map<string, Item>();
  mock.on(GetCommand).callsFake(({ Key }) => ({ Item: items.get(idOf(Key)) }));
  mock.on(DeleteCommand).callsFake(({ Key }) => {
    items.delete(idOf(Key));
    return {};
  });
  mock.on(PutCommand).callsFake(({ Item: item, ConditionExpression, ExpressionAttributeValues }) => {
    check(ConditionExpression, items.get(idOf(item)), ExpressionAttributeValues);
    items.set(idOf(item), item);
    return {};
  });
  mock.on(UpdateCommand).callsFake(({ Key, UpdateExpression, ConditionExpression, ExpressionAttributeValues }) => {
    const stored = items.get(idOf(Key));
    check(ConditionExpression, stored, ExpressionAttributeValues);
    const updated = update(UpdateExpression, { ...Key, ...stored }, ExpressionAttributeValues);
    items.set(idOf(Key), updated);
    return { Attributes: updated };
  });
  mock.on(QueryCommand).callsFake(({ KeyConditionExpression, ExpressionAttributeValues }) => {
    if (KeyConditionExpression !== 'pk = :pk')
      throw new Error(`expected a query of a partition, got ${KeyConditionExpression}`);
    const found = [...items.values()].filter(({ pk }) => pk === ExpressionAttributeValues[':pk']);
    return { Items: found.sort((a, b) => (String(a.sk) < String(b.sk) ? -1 : 1)) };
  });
  return settings;
}

const idOf = ({ pk, sk }: Item): string => JSON.stringify([pk, sk]);

function check(condition: string | undefined, item: Item | undefined, values: Item): void {
  if (condition !== undefined && !holds(condition, item ?? {}, values))
    throw refusal('ConditionalCheckFailedException');
}

function holds(condition: string, item: Item, values: Item): boolean {
  const tokens = condition.match(/attribute_not_exists\(\w+\)|<=|=|[()]|:?\w+/g) ?? [];
  const next = (): string => tokens.shift() ?? '';
  const or = (): boolean => {
    let result = and();
    while (tokens[0] === 'or') result = (next() && and()) || result;
    return result;
  };
  const and = (): boolean => {
    let result = term();
    while (tokens[0] === 'and') result = term(next()) && result;
    return result;
  };
  const term = (_?: string): boolean => {
    const first = next();
    if (first === '(') {
      const result = or();
      next();
      return result;
    }
    const missing = /^attribute_not_exists\((\w+)\)$/.exec(first);
    if (missing) return item[missing[1] ?? ''] === undefined;
    const [stored, operator, value] = [item[first], next(), values[next()]];
    if (operator === '=') return stored === value;
    if (operator === '<=') return stored !== undefined && Number(stored) <= Number(value);
    throw new Error(`expected = or <= in the condition ${condition}, got ${operator}`);
  };
  const result = or();
  if (tokens.length > 0) throw new Error(`expected the condition ${condition} to end, got ${tokens.join(' ')}`);
  return result;
}

function update(expression: string, item: Item, values: Item): Item {
  const parts = /^set (?<set>.+?)(?: add (?<name>\w+) (?<value>:\w+))?$/.exec(expression)?.groups;
  if (parts === undefined) throw new Error(`expected an update that sets, and may add, got ${expression}`);
  const { set = '', name, value = '' } = parts;
  const changed = Object.fromEntries(
    set.split(', ').map((each) => {
      const [attribute = '', given = ''] = each.split(' = ');
      return [attribute, values[given]];
    }),
  );
  return {
    ...item,
    ...changed,
    ...(name === undefined ? {} : { [name]: Number(item[name] ?? 0) + Number(values[value]) }),
  };
}
