import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import type { FolderLedger } from '../../ledger/api.ts';
import { openLedger } from '../../local/ledger.ts';
import { extremeLine } from '../extreme-events.ts';

let dir: string;
let ledger: FolderLedger;
let failures: unknown[];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-'));
  failures = [];
  ledger = await openLedger({ dir, onError: (error) => failures.push(error) });
});
afterEach(async () => {
  await ledger.close();
  rmSync(dir, { recursive: true, force: true });
});

const send = (lines: readonly string[]) => ledger.send([Buffer.from(lines.join('\n'))]);
const rows = async (sql: string) => {
  const { rows: found, note } = await ledger.query(sql);
  expect(note).toBeUndefined();
  return found;
};

/** Two ordinary runs among them. */
const ordinary = (batch: number): readonly string[] =>
  [
    { run_id: `${batch} good`, event_type: 'RUN_START', created_at: '2025-11-03T12:00:00.000Z' },
    { run_id: `${batch} good`, event_type: 'RUN_END', status: 'SUCCESS', created_at: '2025-11-03T12:01:00.000Z' },
    { run_id: `${batch} bad`, event_type: 'RUN_START', created_at: '2025-11-03T12:00:00.000Z' },
    { run_id: `${batch} bad`, event_type: 'RUN_END', status: 'FAILED', created_at: '2025-11-03T12:02:00.000Z' },
  ].map((event) => JSON.stringify({ process_name: 'ordinary', ...event }));

test('whatever an event says, every lane goes on, and the runs beside it stand right', async () => {
  let batches = 0;
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(extremeLine(), { minLength: 100, maxLength: 150 }), async (lines) => {
      batches += 1;
      const [first = '', second = '', ...others] = ordinary(batches);
      accepted += (await send([first, second, ...lines, ...others])).accepted;
      expect(
        await rows(
          `select run_id, status, duration_ms from current_runs where process_name = 'ordinary' and run_id like '${batches} %' order by 1`,
        ),
      ).toEqual([
        [`${batches} bad`, 'FAILED', 120_000],
        [`${batches} good`, 'SUCCESS', 60_000],
      ]);
      expect(
        await rows("select success_count, failure_count from job_metrics where process_name = 'ordinary'"),
      ).toEqual([[batches, batches]]);
      const { lines: counts, objects, parked, troubles } = await ledger.summary();
      expect({ parked, troubles, failures }).toEqual({ parked: [], troubles: [], failures: [] });
      expect(counts).toMatchObject({ lines: accepted, unreadable: 0, unaccepted: 0 });
      expect(objects).toMatchObject({ recorded: 0, tracked: 0, compacted: 0 });
      expect(await rows('select count(*) from pipeline_logs')).toEqual([[counts.inserted]]);
    }),
    { numRuns: 5, endOnFailure: true },
  );
  for (const { name } of [...TABLES, ...VIEWS]) await rows(`select * from ${name}`);
  const live = await ledger.runs({ limit: 1000 });
  for (const { run_id } of live.slice(0, 20)) await ledger.show({ run_id: run_id ?? '' });
  expect(await rows('select count(*) from current_runs')).toEqual([[live.length]]);
  expect(await ledger.rebuild({ verify: true })).toMatchObject({ identical: true, parked: [] });
}, 180_000);
