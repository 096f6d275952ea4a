import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReplayedNotice } from '../../core/alert/replayed-notice.ts';
import type { FolderLedger } from '../../ledger/api.ts';
import type { Replaying } from '../../local/replay.ts';
import { aLedger, anAnswer, anIo, runOn } from './fakes.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-rules-'));
  file = join(folder, 'pipelines.yaml');
  writeFileSync(file, 'version: 1\npipelines: { orders: { max_duration: 45m } }\n');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const notice = (slot: string, kind = 'opened', reasons: readonly string[] = ['FAILED']): ReplayedNotice => ({
  at: '2025-11-03T02:20:00.000Z',
  kind,
  severity: 'P2',
  environment: 'prod',
  process_name: 'orders',
  slot,
  reasons,
  run_ids: [slot.replace('run ', '')],
});
const asked: Replaying[] = [];
const replay = (...notices: readonly (readonly ReplayedNotice[])[]) => ({
  replay: async (replaying: Replaying) => {
    asked.push(replaying);
    return { events: 1200, notices };
  },
});

describe('rules test', () => {
  test('says how often the file that holds would have paged, and on which runs', async () => {
    const found = replay([notice('run a'), notice('run a', 'resolved', [])]);
    const { code, out } = await runOn(aLedger(), ['rules', 'test', '--since', '30d'], anIo(), found);
    expect(code).toBe(0);
    expect(out).toContain('1,200 events since 2025-10-04\nthe file that holds: 1 page (1 P2) of 1 pipeline\n');
    expect(out).toMatch(/2025-11-03 02:20 +P2 +orders +run a +FAILED +a/);
    expect(asked.at(-1)).toMatchObject({ since: '2025-10-04T12:00:00.000Z', until: '2025-11-03T12:00:00.000Z' });
  });

  test('prints what another file would change', async () => {
    const found = replay([notice('run a')], [notice('run b'), notice('run c')]);
    const { out } = await runOn(aLedger(), ['rules', 'test', '--file', file], anIo(), found);
    expect(out).toContain(`${file}: 2 pages (2 P2) of 1 pipeline, 2 more and 1 fewer`);
    expect(out).toMatch(/^\+ .*run b.*\n\+ .*run c.*\n(?:.*\n)*- .*run a/m);
    const json = await runOn(aLedger(), ['rules', 'test', '--file', file, '--json'], anIo(), found);
    expect(JSON.parse(json.out)).toMatchObject({
      events: 1200,
      more: [{ slot: 'run b' }, { slot: 'run c' }],
      fewer: [{ slot: 'run a' }],
    });
  });

  test('says what it expected', async () => {
    expect((await runOn(aLedger(), ['rules', 'test', '--since', 'soon'])).err).toContain(
      'expected a duration such as 12h, 30d or 90d',
    );
    const none = await runOn(aLedger(), ['rules', 'test', '--file', join(folder, 'none.yaml')]);
    expect(none.err).toContain('expected a file of pipelines at');
  });
});

describe('notify test', () => {
  const route = (testRoute: FolderLedger['alerts']['testRoute']) =>
    aLedger({ alerts: { ...aLedger().alerts, testRoute } as FolderLedger['alerts'] });

  test('sends a message on a route and says so', async () => {
    const { code, out } = await runOn(aLedger(), ['notify', 'test', 'ops']);
    expect({ code, out }).toEqual({ code: 0, out: 'sent  ops (ops), message m-1\n' });
  });

  test('says why it did not arrive, and ends with 1', async () => {
    const ledger = route(async () => ({ channel: 'webhook', delivered: false, why: 'expected 2xx, got 500' }));
    const { code, err } = await runOn(ledger, ['notify', 'test', 'ops']);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining('the route ops did not take it: expected 2xx, got 500'),
    });
  });
});

describe('pipelines', () => {
  test('diff shows each setting that would change, of the file that holds', async () => {
    const { out } = await runOn(aLedger(), ['pipelines', 'diff', file]);
    expect(out).toContain('orders  added\n');
    expect(out).toContain('  max_duration: not set -> 2700000\n');
    const json = await runOn(aLedger(), ['pipelines', 'diff', file, '--json']);
    expect(JSON.parse(json.out)).toMatchObject({
      applied_at: null,
      differences: [{ pattern: 'orders', change: 'added' }],
    });
  });

  test('init prints a file with the evidence', async () => {
    const rows = Array.from({ length: 10 }, (_, day) => [
      'prod',
      'orders',
      `2025-10-${10 + day}T02:03:00.000Z`,
      60_000,
      'SUCCESS',
    ]);
    const ledger = aLedger({
      query: async () => anAnswer(['environment', 'process_name', 'start_time', 'duration_ms', 'status'], ...rows),
    });
    const { code, out } = await runOn(ledger, ['pipelines', 'init', '--since', '30d']);
    expect(code).toBe(0);
    expect(out).toContain('schedule: { cron: "0 2 * * *", start_grace: 10m }');
    expect((await runOn(ledger, ['pipelines', 'init', '--timezone', 'Mars'])).err).toContain(
      'expected an IANA time zone',
    );
  });
});
