import type { DuckDBConnection, Json } from '@duckdb/node-api';
import type { AnswerEngine } from '../../core/ports/answer-engine.ts';
import { answerEngine } from './answer-engine.ts';
import type { Database } from './database.ts';

/** A row as DuckDB's JSON shows it. */
export type JsonRow = Readonly<Record<string, Json>>;

/** A DuckDB, in this process or in another: people's questions, and the ledger's own statements. */
export interface Lake extends AnswerEngine {
  /** The folder of the ledger, absolute. */
  readonly root: string;
  /**
   * Runs the ledger's own statements in order and answers the rows of the last. Calls of one schema run one after the
   * other, for there is one writer. Nothing temporary lasts from one call to the next, and of statements between `begin`
   * and `commit` all have run or none.
   */
  run(schema: string, statements: readonly string[]): Promise<readonly JsonRow[]>;
  /** Closes the file. Nothing may be asked any more. */
  close(): Promise<void>;
}

/** The lake of a database in this process. */
export function lakeOf(database: Database): Lake {
  const connections = new Map<string, Promise<DuckDBConnection>>();
  const turns = new Map<string, Promise<unknown>>();

  /** A connection for each schema, from its first call on. */
  function connectionOf(schema: string): Promise<DuckDBConnection> {
    const known = connections.get(schema);
    if (known) return known;
    const opened = database.connect().then(async (connection) => {
      if (schema !== 'main') await connection.run(`use lake.${schema}`);
      return connection;
    });
    opened.catch(() => connections.delete(schema));
    connections.set(schema, opened);
    return opened;
  }

  async function runNow(schema: string, statements: readonly string[]): Promise<readonly JsonRow[]> {
    const connection = await connectionOf(schema);
    let rows: readonly JsonRow[] = [];
    try {
      for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRowObjectsJson();
    } catch (error) {
      await connection.run('rollback').catch(noTransaction);
      throw error;
    }
    return rows;
  }

  return {
    ...answerEngine(database),
    root: database.root,
    run: (schema, statements) => {
      const work = () => runNow(schema, statements);
      const next = (turns.get(schema) ?? Promise.resolve()).then(work, work);
      turns.set(
        schema,
        next.catch(() => undefined),
      );
      return next;
    },
    close: async () => {
      for (const opened of connections.values()) (await opened).closeSync();
      database.close();
    },
  };
}

/** Most statements stand in no transaction. */
const noTransaction = (): void => undefined;
