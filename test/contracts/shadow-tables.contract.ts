import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import type { ShadowTables } from '../../core/ports/shadow-tables.ts';
import { REBUILT_TABLES, type TableName } from '../../core/schema/columns.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { contractTests, type Gap } from './gap.ts';

export interface OpenedLake {
  /** Over the real tables, which are made and empty. */
  readonly engine: QueryEngine;
  openShadowTables(): Promise<ShadowTables>;
  close?(): void | Promise<void>;
}

/** What all `ShadowTables` do. `open` is called once. */
export function shadowTablesContract(name: string, open: () => Promise<OpenedLake>, gaps: readonly Gap[] = []): void {
  const { contractTest, checkGaps } = contractTests(gaps);

  describe(`${name} has shadow tables`, () => {
    let lake: OpenedLake;
    let shadow: ShadowTables;
    beforeAll(async () => {
      lake = await open();
    });
    beforeEach(async () => {
      await lake.engine.query(forgetEvents, {});
      shadow = await lake.openShadowTables();
    });
    afterEach(() => shadow.close());
    afterAll(() => lake.close?.());

    contractTest('every table has an empty shadow at first, and real rows are not in it', async () => {
      await insert(lake.engine, ['a', 3, 'first']);
      for (const { name } of REBUILT_TABLES) expect((await shadow.checksum('rebuilt', name)).rows).toBe(0);
      expect((await shadow.checksum('real', LOGS)).rows).toBe(1);
      expect(await keysIn(shadow.engine)).toEqual([]);
    });

    contractTest('what is written in the shadow does not touch the real tables', async () => {
      await insert(shadow.engine, ['a', 3, 'first']);
      expect(await keysIn(lake.engine)).toEqual([]);
      expect((await shadow.checksum('real', LOGS)).rows).toBe(0);
    });

    contractTest('equal rows have equal checksums in any order, wherever they lie', async () => {
      await insert(lake.engine, ['a', 3, 'first'], ['b', 3, 'second']);
      await insert(shadow.engine, ['b', 3, 'second']);
      await insert(shadow.engine, ['a', 3, 'first']);
      expect(await shadow.checksum('rebuilt', LOGS)).toEqual(await shadow.checksum('real', LOGS));
    });

    contractTest('another value, or a row more, is another checksum', async () => {
      await insert(lake.engine, ['a', 3, 'first']);
      await insert(shadow.engine, ['a', 3, 'other']);
      const [real, other] = await checksums(shadow);
      expect(other.rows).toBe(real.rows);
      expect(other.checksum).not.toBe(real.checksum);
      await insert(lake.engine, ['b', 3, 'second']);
      expect((await shadow.checksum('real', LOGS)).checksum).not.toBe(real.checksum);
    });

    contractTest('by which file a row came is not compared', async () => {
      await insert(lake.engine, ['a', 3, 'first', '07']);
      await insert(shadow.engine, ['a', 3, 'first', '08']);
      const [real, rebuilt] = await checksums(shadow);
      expect(rebuilt).toEqual(real);
    });

    contractTest('with a day, only the events that arrived on it are compared', async () => {
      await insert(lake.engine, ['a', 3, 'first'], ['b', 4, 'real only']);
      await insert(shadow.engine, ['a', 3, 'first']);
      expect(await shadow.checksum('rebuilt', LOGS, DAY(3))).toEqual(await shadow.checksum('real', LOGS, DAY(3)));
      expect((await shadow.checksum('real', LOGS, DAY(4))).rows).toBe(1);
      expect((await shadow.checksum('rebuilt', LOGS, DAY(4))).rows).toBe(0);
    });

    contractTest('swapping all makes every real table what was rebuilt', async () => {
      await insert(lake.engine, ['changed', 3, 'old'], ['gone', 3, 'old'], ['same', 4, 'kept']);
      await insert(shadow.engine, ['changed', 3, 'new'], ['same', 4, 'kept'], ['added', 5, 'new']);
      await shadow.swapAll();
      expect(await keysIn(lake.engine)).toEqual(['added new', 'changed new', 'same kept']);
      for (const { name } of REBUILT_TABLES)
        expect(await shadow.checksum('rebuilt', name), name).toEqual(await shadow.checksum('real', name));
    });

    contractTest('swapping twice is swapping once', async () => {
      await insert(lake.engine, ['a', 3, 'old']);
      await insert(shadow.engine, ['a', 3, 'new'], ['b', 3, 'new']);
      await shadow.swapAll();
      await shadow.swapAll();
      expect(await keysIn(lake.engine)).toEqual(['a new', 'b new']);
    });

    contractTest('swapping a day leaves the events of other days as they are', async () => {
      await insert(lake.engine, ['a', 3, 'old'], ['gone', 3, 'old'], ['b', 4, 'old']);
      await insert(shadow.engine, ['a', 3, 'new'], ['b', 4, 'new']);
      await shadow.swapLogs(DAY(3));
      expect(await keysIn(lake.engine)).toEqual(['a new', 'b old']);
    });

    contractTest('an event that also arrived on another day stays one row', async () => {
      await insert(lake.engine, ['a', 4, 'first']);
      await insert(shadow.engine, ['a', 3, 'first']);
      await shadow.swapLogs(DAY(3));
      expect(await keysIn(lake.engine)).toEqual(['a first']);
    });

    contractTest('opened again they are empty, whatever was left in them', async () => {
      await insert(shadow.engine, ['a', 3, 'left']);
      await shadow.close();
      shadow = await lake.openShadowTables();
      expect((await shadow.checksum('rebuilt', LOGS)).rows).toBe(0);
    });

    contractTest('closing leaves the real rows', async () => {
      await insert(lake.engine, ['a', 3, 'first']);
      await shadow.close();
      expect(await keysIn(lake.engine)).toEqual(['a first']);
      shadow = await lake.openShadowTables();
    });

    checkGaps();
  });
}

const LOGS: TableName = 'pipeline_logs';
const DAY = (day: number): string => `2025-11-0${day}`;

const checksums = async (shadow: ShadowTables) =>
  [await shadow.checksum('real', LOGS), await shadow.checksum('rebuilt', LOGS)] as const;

const forgetEvents = defineQuery({
  name: 'forget_events',
  text: 'delete from pipeline_logs',
  parameters: {},
  columns: {},
});

/** An event: its key, the day of November on which it arrived, its message, and the hour of its arrival. */
type Row = readonly [key: string, day: number, message: string, hour?: string];

async function insert(engine: QueryEngine, ...rows: readonly Row[]): Promise<void> {
  const values = rows.map(
    ([key, day, message, hour = '07']) => `('${key}', date '2025-11-03', '${DAY(day)}T${hour}', '${message}')`,
  );
  const text = `insert into pipeline_logs (event_key, event_date, arrival_hour, message) values ${values.join(', ')}`;
  await engine.query(defineQuery({ name: 'insert', text, parameters: {}, columns: {} }), {});
}

/** The events of a lake, each as its key and its message. */
async function keysIn(engine: QueryEngine): Promise<readonly (string | null)[]> {
  const rows = await engine.query(
    defineQuery({
      name: 'events',
      text: "select event_key || ' ' || message as found from pipeline_logs order by event_key, message",
      parameters: {},
      columns: { found: { type: 'varchar', comment: 'key and message' } },
    }),
    {},
  );
  return rows.map(({ found }) => found);
}
