/** A table as Glue holds it. */
export interface GlueTable {
  readonly Name: string;
  readonly TableType?: string;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly PartitionKeys?: readonly GlueColumn[];
  readonly StorageDescriptor?: { readonly Columns?: readonly GlueColumn[] } & Readonly<Record<string, unknown>>;
}

export interface GlueColumn {
  readonly Name: string;
  readonly Type: string;
}

export class GlueError extends Error {
  override readonly name = 'GlueError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface Glue {
  createDatabase(database: string): Promise<void>;
  createTable(database: string, table: GlueTable): Promise<void>;
  tables(database: string): Promise<readonly GlueTable[]>;
}

/** The Glue of an emulated AWS, which checks no signature. */
export function openGlue(awsUrl: string): Glue {
  const call = async (action: string, body: unknown): Promise<unknown> => {
    const response = await fetch(awsUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AWSGlue.${action}`,
        authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/glue/aws4_request, SignedHeaders=host',
      },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as { readonly __type?: string; readonly message?: string };
    if (!response.ok) throw new GlueError(answer.__type ?? String(response.status), answer.message ?? '');
    return answer;
  };
  return {
    createDatabase: async (database) => {
      await call('CreateDatabase', { DatabaseInput: { Name: database } });
    },
    createTable: async (database, table) => {
      await call('CreateTable', { DatabaseName: database, TableInput: table });
    },
    tables: async (database) => {
      const found: GlueTable[] = [];
      let token: string | undefined;
      do {
        const page = (await call('GetTables', { DatabaseName: database, NextToken: token })) as {
          readonly TableList: readonly GlueTable[];
          readonly NextToken?: string;
        };
        found.push(...page.TableList);
        token = page.NextToken;
      } while (token !== undefined);
      return found;
    },
  };
}
