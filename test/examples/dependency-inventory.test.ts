import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findPackages } from '../../examples/dependency-inventory/find-packages.ts';
import { runInventory } from '../../examples/dependency-inventory/run-inventory.ts';

const MAIN = fileURLToPath(new URL('../../examples/dependency-inventory/main.ts', import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: tests look into events as a reader of JSON does.
type SentEvent = Record<string, any>;

let root = '';
let out = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'dependency-inventory-'));
  out = join(root, 'out');
  await install(
    'node_modules/a',
    { name: 'a', version: '1.0.0', license: 'MIT', dependencies: { c: '1', d: '2' } },
    1_000,
  );
  await install('node_modules/a/node_modules/c', { name: 'c', version: '1.0.0', licenses: [{ type: 'ISC' }] }, 200);
  await install('node_modules/@s/b', { name: '@s/b', version: '2.0.0' }, 300);
  await install('node_modules/c', { name: 'c', version: '2.0.0', license: { type: 'ISC' } }, 150);
  await install('node_modules/.bin', {}, 1_000);
  await install('elsewhere', { name: 'linked', version: '1.0.0' }, 1_000);
  await symlink(join(root, 'elsewhere'), join(root, 'node_modules', 'linked'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** A package of three files that take so many bytes in all. */
async function install(path: string, manifest: object, bytes: number): Promise<void> {
  const dir = join(root, path);
  const text = JSON.stringify(manifest);
  await mkdir(join(dir, 'lib'), { recursive: true });
  await writeFile(join(dir, 'package.json'), text);
  await writeFile(join(dir, 'index.js'), 'x'.repeat(bytes - text.length));
  await writeFile(join(dir, 'lib', 'empty.js'), '');
}

/** A ledger that only keeps what it is sent. */
async function aRecorder(): Promise<AsyncDisposable & { readonly url: string; readonly events: SentEvent[] }> {
  const events: SentEvent[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const lines = Buffer.concat(chunks).toString().trim().split('\n');
    for (const line of lines) events.push(JSON.parse(line));
    response.end(JSON.stringify({ received: lines.length, accepted: lines.length, rejected: 0 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    events,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function rowsOf(file: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`from read_parquet('${file}')`);
  const rows = reader.getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const endOf = (events: readonly SentEvent[], step: string): SentEvent | undefined =>
  events.findLast((event) => event.event_type === 'STEP_END' && event.step_name === step);

describe('the dependency inventory', () => {
  test('writes every installed package once: nested, scoped, and none that is only linked', async () => {
    await using recorder = await aRecorder();

    const result = await runInventory({ url: recorder.url, root, out });

    const rows = await rowsOf(join(out, 'inventory.parquet'));
    expect(result).toMatchObject({ packages: 4, files: 12 });
    expect(
      rows.map(({ path, version, licence, dependencies, files }) => [path, version, licence, dependencies, files]),
    ).toEqual([
      ['node_modules/@s/b', '2.0.0', null, '0', '3'],
      ['node_modules/a', '1.0.0', 'MIT', '2', '3'],
      ['node_modules/a/node_modules/c', '1.0.0', 'ISC', '0', '3'],
      ['node_modules/c', '2.0.0', 'ISC', '0', '3'],
    ]);
    expect(rows.map(({ bytes }) => bytes)).toEqual(['300', '1000', '200', '150']);
  });

  test('finds what pnpm keeps in its store', async () => {
    await install('node_modules/.pnpm/e@1.0.0/node_modules/e', { name: 'e', version: '1.0.0' }, 50);
    await symlink(join(root, 'node_modules/.pnpm/e@1.0.0/node_modules/e'), join(root, 'node_modules', 'e'));

    const packages = await findPackages(root);

    expect(packages.map(({ path }) => path)).toContain('node_modules/.pnpm/e@1.0.0/node_modules/e');
    expect(packages).toHaveLength(5);
  });

  test('sums them up by licence, the largest first', async () => {
    await using recorder = await aRecorder();

    await runInventory({ url: recorder.url, root, out });

    expect(await rowsOf(join(out, 'by-licence.parquet'))).toEqual([
      { licence: 'MIT', packages: '1', files: '3', bytes: '1000' },
      { licence: 'ISC', packages: '2', files: '6', bytes: '350' },
      { licence: 'unknown', packages: '1', files: '3', bytes: '300' },
    ]);
  });

  test('tells the ledger of every step, with counts, lineage and quality', async () => {
    await using recorder = await aRecorder();

    await runInventory({ url: recorder.url, root, out, run_id: 'r1', environment: 'test' });

    const { events } = recorder;
    expect(new Set(events.map((event) => `${event.process_name} ${event.run_id} ${event.environment}`))).toEqual(
      new Set(['dependency-inventory r1 test']),
    );
    const ends = events.filter((event) => event.event_type === 'STEP_END').sort((a, b) => a.step_index - b.step_index);
    expect(ends.map((end) => [end.step_name, end.status, end.records_in, end.records_out])).toEqual([
      ['read-manifests', 'SUCCESS', 4, 4],
      ['measure-files', 'SUCCESS', 12, 4],
      ['validate', 'SUCCESS', 4, 4],
      ['join', 'SUCCESS', 8, 4],
      ['aggregate', 'SUCCESS', 4, 3],
      ['write-parquet', 'SUCCESS', 7, 7],
    ]);
    expect(endOf(events, 'measure-files')?.input_sources).toContainEqual({
      type: 'directory',
      path: 'node_modules/a',
      size_bytes: 1_200,
      records: 6,
    });
    expect(events.flatMap((event) => event.quality ?? [])).toMatchObject([
      { check_name: 'version_present', success: true, records_checked: 4, records_failed: 0 },
      { check_name: 'licence_present', success: false, severity: 'warn', records_checked: 4, records_failed: 1 },
      { check_name: 'one_version_per_package', success: false, records_checked: 3, records_failed: 1 },
    ]);
    expect(events.at(-1)).toMatchObject({
      event_type: 'RUN_END',
      status: 'SUCCESS',
      records_in: 12,
      records_out: 4,
      data_size_bytes_in: 1_650,
      metrics: { packages: 4, licences: 3 },
      sla: { expected_max_duration_ms: 60_000, sla_missed: false },
      params: { root, out, break: 'false' },
      input_sources: [{ type: 'directory', path: 'node_modules', size_bytes: 1_650, records: 12 }],
      output_targets: [
        { type: 'parquet', path: 'out/inventory.parquet', records: 4 },
        { type: 'parquet', path: 'out/by-licence.parquet', records: 3 },
      ],
    });
  });

  test('that is broken reads the manifest twice, fails with a code, and skips the rest', async () => {
    await using recorder = await aRecorder();

    const error = await runInventory({ url: recorder.url, root, out, breaks: true }).catch((caught: unknown) => caught);

    const { events } = recorder;
    expect(error).toMatchObject({ error_code: 'D201', retryable: false });
    const tries = events.filter((event) => event.event_type === 'STEP_END' && event.step_name === 'read-manifests');
    expect(tries.map(({ attempt, status, error }) => [attempt, status, error.error_code, error.retryable])).toEqual([
      [1, 'FAILED', 'S500', true],
      [2, 'FAILED', 'D201', false],
    ]);
    const told = events.findLast((event) => event.event_type === 'ERROR');
    expect(told?.error).toMatchObject({
      message: expect.stringContaining('node_modules/@s/b/package.json'),
      stack_trace: expect.stringContaining('UnreadableManifest'),
      root_cause: expect.stringContaining('JSON'),
    });
    expect(
      ['measure-files', 'validate', 'join', 'aggregate', 'write-parquet'].map((step) => endOf(events, step)?.status),
    ).toEqual(['SUCCESS', 'SKIPPED', 'SKIPPED', 'SKIPPED', 'SKIPPED']);
    expect(events.at(-1)).toMatchObject({ event_type: 'RUN_END', status: 'FAILED', error: { error_code: 'D201' } });
  });

  test('works without a ledger, and says what did not arrive', async () => {
    const recorder = await aRecorder();
    await recorder[Symbol.asyncDispose]();
    const lines: string[] = [];

    const result = await runInventory({ url: recorder.url, root, out, show: (line) => lines.push(line) });

    expect(result.packages).toBe(4);
    expect(lines.at(-1)).toMatch(/^17 of 17 events did not reach the ledger: .*ECONNREFUSED/);
  });
});

describe('its command', () => {
  test.each([
    [[], 0, 'SUCCESS in'],
    [['--break'], 1, 'D201: Expected node_modules/@s/b/package.json to be a JSON object'],
    [['--help'], 0, '--run-id ID'],
    [['--url', 'nowhere'], 2, '`url`: expected an http or https address'],
    [['--unknown'], 2, "Unknown option '--unknown'"],
  ])('with %j exits with %i and shows %j', async (args, code, text) => {
    await using recorder = await aRecorder();
    const child = spawn(
      process.execPath,
      ['--conditions=runledger-source', MAIN, '--root', root, '--out', out, ...args],
      {
        env: { ...process.env, RUNLEDGER_URL: recorder.url, NODE_OPTIONS: '' },
        cwd: dirname(MAIN),
      },
    );
    let shown = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (shown += chunk));

    const exit = await new Promise((resolve) => child.on('close', resolve));

    expect(shown).toContain(text);
    expect(exit).toBe(code);
  });
});
