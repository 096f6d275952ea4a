import { errorMessage } from '../core/error-message.ts';
import type { Instant } from '../core/instant.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { writerOf } from '../core/table-writers.ts';
import { maintainTable, type Retention } from '../flows/maintain.ts';
import { MAINTAINED } from '../sql/maintenance.ts';
import { type Invocation, isNearlyOver, type LeasePorts, withLease } from './with-lease.ts';

/** What became of the tables: tables = maintained + unmaintained. */
export interface MaintainedTables {
  readonly maintained: readonly string[];
  readonly unmaintained: readonly string[];
  readonly unmaintained_tables: number;
  /** Why tables could not be maintained. A table that another writer has, or that time was too short for, has no reason here. */
  readonly errors: readonly unknown[];
}

/**
 * Maintains each table under its writer's lease. One that fails does not hold up the others; one that is being written is
 * tried again after them. No table is begun when the invocation is nearly over.
 */
export async function maintainAll(
  ports: LeasePorts & { readonly retention: Retention },
  engine: QueryEngine,
  invocation: Invocation,
  now: Instant,
): Promise<MaintainedTables> {
  const maintained: string[] = [];
  const errors: unknown[] = [];
  const busy: (typeof MAINTAINED)[number][] = [];
  const maintain = async (each: (typeof MAINTAINED)[number]): Promise<void> => {
    if (isNearlyOver(invocation)) return;
    try {
      const isOurs = await withLease(ports, writerOf(each.table), invocation, async () => {
        await maintainTable(engine, each, ports.retention, now);
        maintained.push(each.table);
        return true;
      });
      if (isOurs === undefined) busy.push(each);
    } catch (cause) {
      errors.push(new Error(`expected to maintain ${each.table}, but got: ${errorMessage(cause)}`, { cause }));
    }
  };
  for (const each of MAINTAINED) await maintain(each);
  for (const each of busy.splice(0)) await maintain(each);
  const unmaintained = MAINTAINED.map(({ table }) => table).filter((table) => !maintained.includes(table));
  return { maintained, unmaintained, unmaintained_tables: unmaintained.length, errors };
}
