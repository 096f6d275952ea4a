import { createServer } from 'node:http';
import { AthenaClient } from '@aws-sdk/client-athena';
import type { AthenaOptions } from '../../../adapters/athena/options.ts';
import { openQueryEngine } from '../../../adapters/athena/query-engine.ts';
import { epochMsOf, instantOf } from '../../../core/instant.ts';
import type { QueryEngine } from '../../../core/ports/query-engine.ts';

/** What becomes of one execution. */
export interface Plot {
  /** As each look finds it; the last one stays. Default: RUNNING, then SUCCEEDED. */
  readonly states?: readonly string[];
  readonly reason?: string;
  readonly retryable?: boolean;
  /** 1: Athena's own failure; 2: one of the statement. */
  readonly category?: number;
  readonly scannedBytes?: number;
  readonly columns?: readonly string[];
  /** Of the columns, as Athena names them. Default varchar. */
  readonly types?: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
  /** The state once it was stopped. */
  readonly stoppedState?: string;
}

type Body = Readonly<Record<string, unknown>>;

export interface FakeAthena {
  /** Every request, in order. */
  readonly calls: readonly (readonly [action: string, body: Body])[];
  /** Pauses between them, as they were asked for. */
  readonly pausesMs: readonly number[];
  readonly scans: readonly (readonly [query: string, scannedBytes: number])[];
  bodiesOf(action: string): readonly Body[];
  /** The next requests of this kind fail; `reset` breaks the connection. */
  failNext(action: string, failure: string, times?: number): void;
  engine(options?: Partial<AthenaOptions>): QueryEngine;
  /** What engines over it are opened with. */
  options(own?: Partial<AthenaOptions>): AthenaOptions;
  close(): Promise<void>;
}

/** An Athena on loopback that plays the given plots, one per execution, in a time that only pauses move. */
export async function anAthena(...plots: readonly Plot[]): Promise<FakeAthena> {
  const calls: [string, Body][] = [];
  const failures: { action: string; failure: string; times: number }[] = [];
  const executions: { plot: Plot; check_times: number; isStopped: boolean; token: unknown }[] = [];
  const actions: Readonly<Record<string, (body: Body) => object>> = {
    StartQueryExecution: ({ ClientRequestToken: token }) => {
      const known = executions.findIndex((each) => each.token === token);
      if (known >= 0) return { QueryExecutionId: String(known) };
      executions.push({ plot: plots[executions.length] ?? {}, check_times: 0, isStopped: false, token });
      return { QueryExecutionId: String(executions.length - 1) };
    },
    GetQueryExecution: ({ QueryExecutionId }) => {
      const execution = executions[Number(QueryExecutionId)];
      const {
        states = ['RUNNING', 'SUCCEEDED'],
        reason,
        retryable,
        category,
        scannedBytes,
        stoppedState,
      } = execution?.plot ?? {};
      const state = states[Math.min(execution?.check_times ?? 0, states.length - 1)];
      if (execution) execution.check_times += 1;
      return {
        QueryExecution: {
          QueryExecutionId,
          Status: {
            State: execution?.isStopped && stoppedState !== undefined ? stoppedState : state,
            StateChangeReason: reason,
            AthenaError: { Retryable: retryable ?? false, ErrorCategory: category ?? 1 },
          },
          Statistics: { DataScannedInBytes: scannedBytes ?? 0 },
        },
      };
    },
    StopQueryExecution: ({ QueryExecutionId }) => {
      const execution = executions[Number(QueryExecutionId)];
      if (execution) execution.isStopped = true;
      return {};
    },
    GetQueryResults: ({ QueryExecutionId, NextToken, MaxResults }) => {
      const { columns = [], types = [], rows = [] } = executions[Number(QueryExecutionId)]?.plot ?? {};
      const all = [columns, ...rows];
      const from = Number(NextToken ?? 0);
      const to = from + Number(MaxResults);
      return {
        ResultSet: {
          Rows: all.slice(from, to).map((row) => ({
            Data: row.map((cell) => (cell === null ? {} : { VarCharValue: cell })),
          })),
          ResultSetMetadata: { ColumnInfo: columns.map((name, at) => ({ Name: name, Type: types[at] ?? 'varchar' })) },
        },
        ...(to < all.length ? { NextToken: String(to) } : {}),
      };
    },
    ListTableMetadata: () => ({ TableMetadataList: [] }),
  };

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const action = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
    calls.push([action, body]);
    const failure = failures.find((each) => each.action === action && each.times > 0);
    if (failure) {
      failure.times -= 1;
      if (failure.failure === 'reset') {
        request.socket.destroy();
        return;
      }
      response.writeHead(failure.failure === 'InternalServerException' ? 500 : 400);
      response.end(JSON.stringify({ __type: failure.failure, Message: `as ${failure.failure} says` }));
      return;
    }
    response.end(JSON.stringify(actions[action]?.(body) ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const client = new AthenaClient({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

  let nowMs = epochMsOf('2025-11-03T12:00:00.000Z');
  const pausesMs: number[] = [];
  const scans: [string, number][] = [];
  const options = (own: Partial<AthenaOptions> = {}): AthenaOptions => ({
    client,
    workGroup: 'ledger',
    database: 'ledger_db',
    bucket: 'ledger-bucket',
    tryName: 'request-1',
    clock: { now: () => instantOf(nowMs) },
    sleep: async (delayMs) => {
      pausesMs.push(delayMs);
      nowMs += delayMs;
    },
    random: () => 1,
    onScanned: (...scan) => scans.push(scan),
    ...own,
  });
  return {
    calls,
    options,
    pausesMs,
    scans,
    bodiesOf: (action) => calls.filter(([name]) => name === action).map(([, body]) => body),
    failNext: (action, failure, times = 1) => failures.push({ action, failure, times }),
    engine: (own) => openQueryEngine(options(own)),
    close: () =>
      new Promise((resolve) => {
        client.destroy();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
