import type { Check } from '../../iam/evaluate.ts';
import { arn, check, type Input } from './request.ts';

/**
 * What IAM is asked for a request to Glue: for the table, its database and the catalog each (Glue, "Specifying Glue
 * resource ARNs").
 */
export function glueChecks(operation: string, input: Input): readonly Check[] {
  if (ONLY_TRINO.test(operation)) return [];
  const { DatabaseName, DatabaseInput, Name, TableName, TableInput } = input as {
    readonly [name: string]: string | undefined;
  } & { readonly DatabaseInput?: { readonly Name: string }; readonly TableInput?: { readonly Name: string } };
  const database = DatabaseName ?? DatabaseInput?.Name ?? Name;
  const table = DatabaseName === undefined ? undefined : (TableInput?.Name ?? TableName ?? Name);
  return [
    'catalog',
    ...(database === undefined ? [] : [`database/${database}`]),
    ...(table === undefined ? [] : [`table/${database}/${table}`]),
  ].map((resource) => check(`glue:${operation}`, arn('glue', resource)));
}

/** Statistics of columns help Athena to plan; without the right it plans without them. */
const ONLY_TRINO = /ColumnStatistics/;
