import type { TableName } from '../schema/columns.ts';
import type { QueryEngine } from './query-engine.ts';

/** The tables built again beside the real ones, to be compared with them and to take their place. */
export interface ShadowTables {
  /** Over the tables beside, which are empty at first. */
  readonly engine: QueryEngine;
  /** Of a whole table; with a day, of the events in `pipeline_logs` that arrived on it. */
  checksum(of: 'real' | 'rebuilt', table: TableName, day?: string): Promise<TableChecksum>;
  /** Takes all rebuilt rows for the real ones. */
  swapAll(): Promise<void>;
  /** Takes the rebuilt events that arrived on that day for the real ones. */
  swapLogs(day: string): Promise<void>;
  /** Drops what was built. */
  close(): Promise<void>;
}

export interface TableChecksum {
  readonly rows: number;
  /** Of the rows whatever their order; what says nothing of what happened is left out. */
  readonly checksum: string;
}
