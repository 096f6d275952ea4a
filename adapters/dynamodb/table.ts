import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/**
 * The one table of the live lane, as data: what the stack deploys and what tests create. All keys are text. Every index
 * is sparse, and holds little beside keys, so that an update which does not move a run in it costs no write there.
 */
export const liveTable = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970; items without it stay. */
  timeToLive: 'expires_at',
  indexes: [
    // Open runs and watched pipelines, the one to be checked next first; incidents with notices to be sent;
    // recoveries with decisions to be told, or with something to be done at a moment.
    {
      name: 'open_runs',
      partitionKey: 'open',
      sortKey: 'next_check_at',
      included: ['environment', 'process_name', 'start_time'],
    },
    { name: 'runs_by_start', partitionKey: 'kind', sortKey: 'start_time', included: ['environment'] },
    { name: 'runs_of_process', partitionKey: 'process_name', sortKey: 'start_time', included: ['environment'] },
  ],
} as const satisfies TableDefinition;

/** What its partition keys are or, where they end with #, begin with. Rights are granted by them. */
export const PARTITIONS = {
  run: 'run#',
  objects: 'objects#',
  stage: 'stage#',
  objectDays: 'object_days',
  dueDays: 'due_days',
  tally: 'tally',
  dateChanges: 'date_changes',
  lease: 'lease#',
  /** How far the data of each pipeline has come. Clients read it: see `docs/watermarks.md`. */
  watermark: 'watermark#',
  /** The notification log. It knows what people were told, and nothing of runs. */
  notified: 'notified#',
  /** What went wrong, and what people decided about it. */
  incident: 'incident#',
  /** Which pipelines are watched, and when each is looked at next. */
  watch: 'watch#',
  /** What was decided about failed runs, and which runs the ledger has started. */
  recovery: 'recovery#',
  /** Named tokens of the HTTP API, their secrets as hashes. */
  token: 'token#',
  /** Sessions of browsers, their tokens encrypted with keys that only the browsers have. */
  session: 'session#',
  /** Which runs pings began and ended. */
  ping: 'ping#',
} as const;

/** A partition key that rights are granted for. */
export type PartitionKey = `${(typeof PARTITIONS)[keyof typeof PARTITIONS]}${string}`;

export interface TableDefinition {
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly timeToLive: string;
  readonly indexes: readonly {
    readonly name: string;
    readonly partitionKey: string;
    readonly sortKey: string;
    /** Attributes the index holds beside the keys. */
    readonly included: readonly string[];
  }[];
}

export type IndexName = (typeof liveTable.indexes)[number]['name'];

/** What creates this table, billed by request. Time to live is switched on by a call of its own. */
export function createTableInput(tableName: string): CreateTableCommandInput {
  const { partitionKey, sortKey, indexes } = liveTable;
  const keys = [partitionKey, sortKey, ...indexes.flatMap((index) => [index.partitionKey, index.sortKey])];
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...new Set(keys)].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
    KeySchema: keySchema(partitionKey, sortKey),
    GlobalSecondaryIndexes: indexes.map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index.partitionKey, index.sortKey),
      Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: [...index.included] },
    })),
  };
}

const keySchema = (partitionKey: string, sortKey: string) => [
  { AttributeName: partitionKey, KeyType: 'HASH' as const },
  { AttributeName: sortKey, KeyType: 'RANGE' as const },
];
