import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aLedger, runOn } from './fakes.ts';

const FILE = `version: 1
calendars: { working: { weekdays: [mon, tue, wed, thu, fri], holidays: SE } }
pipelines:
  orders_*: { severity: high, schedule: { cron: "0 2 * * *", timezone: Europe/Stockholm, calendar: working } }
`;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-pipelines-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(text: string): string {
  const file = join(folder, 'pipelines.yaml');
  writeFileSync(file, text);
  return file;
}

describe('pipelines check', () => {
  test('says that a file is right, and how much it names', async () => {
    const { code, out } = await runOn(aLedger(), ['pipelines', 'check', fileOf(FILE)]);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^ok +.*: 1 pipeline or patterns\n$/) });
  });

  test('says what is wrong by line and path, and ends with 1', async () => {
    const file = fileOf(FILE.replace('severity', 'severty'));
    const { code, out, err } = await runOn(aLedger(), ['pipelines', 'check', file]);
    expect(code).toBe(1);
    expect(out).toContain(
      `${file}:4:15 pipelines.orders_*.severty: expected a known name, but got "severty"; did you mean severity?`,
    );
    expect(err).toContain('cannot be used: 1 wrong');
  });

  test('prints findings as JSON', async () => {
    const { out } = await runOn(aLedger(), ['pipelines', 'check', fileOf('version: 2\n'), '--json']);
    expect(JSON.parse(out).problems).toEqual([
      { line: 1, column: 1, path: 'version', message: 'expected version: 1, but got 2' },
    ]);
  });

  test('says which file it did not find', async () => {
    const { code, err } = await runOn(aLedger(), ['pipelines', 'check', join(folder, 'none.yaml')]);
    expect({ code, err }).toEqual({ code: 4, err: expect.stringContaining('expected a file of pipelines at') });
  });
});

test('pipelines show prints what is expected of one, with its next slots', async () => {
  const args = ['pipelines', 'show', 'orders_daily', '--file', fileOf(FILE), '--limit', '2', '--json'];
  const { out } = await runOn(aLedger(), args);
  expect(JSON.parse(out)).toMatchObject({
    pipeline: 'orders_daily',
    severity: 'high',
    next_slots: ['2025-11-04T01:00:00.000Z', '2025-11-05T01:00:00.000Z'],
  });
});

test('pipelines schema prints a JSON Schema that knows every name', async () => {
  const { out } = await runOn(aLedger(), ['pipelines', 'schema']);
  expect(Object.keys(JSON.parse(out).properties)).toEqual([
    'version',
    'ledger',
    'defaults',
    'calendars',
    'routes',
    'pipelines',
  ]);
});
