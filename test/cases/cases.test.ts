import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLedger } from '../../local/ledger.ts';
import { startServer } from '../../local/server.ts';

/**
 * One foreign input with its right answer: `file` is sent as it is, then `sql` is asked. `source` says where the tool
 * documents what it writes.
 */
interface Case {
  readonly id: string;
  readonly source?: string;
  readonly file: string;
  readonly sql: string;
  readonly expected: readonly Readonly<Record<string, unknown>>[];
}

const FOLDER = 'test/cases';
const CASES: readonly Case[] = JSON.parse(readFileSync(join(FOLDER, 'cases.json'), 'utf8'));
const bodyOf = ({ file }: Case) => readFileSync(join(FOLDER, file));

/** Rows by case, or why the question failed. */
type Answers = ReadonlyMap<string, unknown>;

async function askAll(dir: string): Promise<Answers> {
  const ledger = await openLedger({ dir });
  const answers = new Map<string, unknown>();
  for (const { id, sql } of CASES) {
    const { columns, rows } = await ledger.query(sql);
    answers.set(
      id,
      rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]]))),
    );
  }
  await ledger.close();
  return answers;
}

async function sentOverHttp(dir: string): Promise<void> {
  const server = await startServer({ dir, host: '127.0.0.1', port: 0 });
  for (const each of CASES) await fetch(`${server.url}/events`, { method: 'POST', body: bodyOf(each) });
  await server.close();
}

function ingested(dir: string): void {
  const files = CASES.map(({ file }) => join(FOLDER, file));
  spawnSync(process.execPath, ['dist/runledger.mjs', 'ingest', ...files, '--data', dir], { encoding: 'utf8' });
}

describe.each([
  ['sent over HTTP', sentOverHttp],
  ['read by `runledger ingest`', async (dir: string) => ingested(dir)],
])('%s', (_, send) => {
  let dir: string;
  let answers: Answers;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'runledger-cases-'));
    await send(dir);
    answers = await askAll(dir);
  }, 120_000);
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  test.each(CASES)('$id', ({ id, expected }) => {
    expect(answers.get(id)).toEqual(expected);
  });
});
