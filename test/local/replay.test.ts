import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectationsOf } from '../../core/pipelines/expectations.ts';
import { readFile } from '../../core/pipelines/read-file.ts';
import type { FolderLedger } from '../../ledger/api.ts';
import { openLedger } from '../../local/ledger.ts';
import { replayEvents } from '../../local/replay.ts';

let dir: string;
let ledger: FolderLedger;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-replay-'));
  ledger = await openLedger({ dir, environment: 'prod' });
});
afterAll(async () => {
  await ledger.close();
  rmSync(dir, { recursive: true, force: true });
});

const expecting = (text: string) => {
  const { file } = readFile(text);
  if (file === undefined) throw new Error(text);
  return expectationsOf(file, () => []);
};
const at = (day: number, time: string) => `2025-11-${String(day).padStart(2, '0')}T${time}:00.000Z`;
const run = (run_id: string, day: number, from: string, until: string, status: string) => [
  { process_name: 'orders', run_id, event_type: 'RUN_START', event_time: at(day, from) },
  { process_name: 'orders', run_id, event_type: 'RUN_END', status, event_time: at(day, until) },
];

test('kept events say how often each file would have paged, by the clock too, and nobody is told', async () => {
  const events = [
    ...run('a', 3, '02:00', '02:20', 'SUCCESS'),
    ...run('b', 4, '02:00', '02:50', 'SUCCESS'),
    ...run('c', 5, '02:01', '02:10', 'FAILED'),
    ...run('d', 5, '03:00', '03:10', 'SUCCESS'),
  ];
  await ledger.send([Buffer.from(events.map((event) => JSON.stringify(event)).join('\n'))]);
  await ledger.settle();
  const schedule = 'schedule: { cron: "0 2 * * *" }';
  const { events: replayed, notices } = await replayEvents({
    ask: (sql) => ledger.query(sql),
    files: [
      expecting('version: 1\n'),
      expecting(`version: 1\npipelines: { orders: { ${schedule}, max_duration: 45m } }\n`),
    ],
    since: at(3, '00:00'),
    until: at(6, '12:00'),
  });
  expect(replayed).toBe(8);
  const shown = notices.map((each) =>
    each.map(({ at: when, kind, slot, reasons }) => [
      when.slice(8, 16),
      kind,
      slot.replace(/^2025-11-/, ''),
      ...reasons,
    ]),
  );
  expect(shown).toEqual([
    [
      ['05T02:10', 'opened', 'run c', 'FAILED'],
      ['05T03:10', 'resolved', 'run c'],
    ],
    [
      ['04T02:45', 'opened', '04T02:00:00.000Z', 'SLA_BREACH'],
      ['04T02:50', 'resolved', '04T02:00:00.000Z'],
      ['05T02:10', 'opened', '05T02:00:00.000Z', 'FAILED'],
      ['05T03:10', 'resolved', '05T02:00:00.000Z'],
      ['06T02:10', 'opened', '06T02:00:00.000Z', 'NOT_STARTED'],
    ],
  ]);
  expect(await ledger.alerts.incidents({ limit: 10 })).toEqual([]);
});
