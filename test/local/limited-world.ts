import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../adapters/clock.ts';
import { openTokenFiles } from '../../adapters/file-system/token-files.ts';
import { tokenSecrets } from '../../adapters/token-secrets.ts';
import type { Limits } from '../../core/token/limits.ts';
import { secretOf } from '../../core/token/named-token.ts';
import type { Role } from '../../core/token/role.ts';
import { type RunningServer, startServer } from '../../local/server.ts';

/** A pipeline whose every text bears a mark: of whom it is, and where. */
export interface Marked {
  readonly mark: string;
  readonly environment: string;
  /** Undefined: no event of it tells one. */
  readonly owner: string | undefined;
  /** Whose the file says that it is, where it says it. */
  readonly fileOwner?: string;
}

export const OURS: Marked = { mark: 'alpha', environment: 'prod', owner: 'team-alpha' };
/** Another owner, another environment, both, an owner that only the file names, one that the file overrides, and none. */
export const OTHERS: readonly Marked[] = [
  { mark: 'zebra', environment: 'prod', owner: 'team-zebra' },
  { mark: 'quokka', environment: 'quokka', owner: 'team-alpha' },
  { mark: 'walrus', environment: 'quokka', owner: 'team-zebra' },
  { mark: 'ibex', environment: 'prod', owner: undefined, fileOwner: 'team-ibex' },
  { mark: 'lynx', environment: 'prod', owner: 'team-alpha', fileOwner: 'team-ibex' },
  { mark: 'yeti', environment: 'prod', owner: undefined },
];
export const MARKS = OTHERS.map(({ mark }) => mark);
export const pipelineOf = ({ mark }: Marked): string => `orders_${mark}`;

const hoursAgo = (hours: number): string =>
  new Date(Math.floor(Date.now() / 3_600_000 - hours) * 3_600_000).toISOString();
const after = (instant: string, minutes: number): string =>
  new Date(Date.parse(instant) + minutes * 60_000).toISOString();

/** Runs that ended well and badly, one over its SLA, one that is open, with everything that an event may say. */
export function eventsOf({ mark, environment, owner }: Marked): readonly object[] {
  const of = (run_id: string) => ({
    ...{ environment, process_name: `orders_${mark}`, run_id, ...(owner && { owner }) },
    ...{ process_type: `type_${mark}`, job_id: `job_${mark}`, user: `user_${mark}`, run_mode: `mode_${mark}` },
    ...{ notebook_path: `/code/${mark}`, notebook_git_sha: `sha_${mark}`, parent_run_id: 'run-0' },
    ...{ cluster: { cluster_id: `cluster_${mark}`, cluster_size: `size_${mark}` }, tags: { [`tag_${mark}`]: mark } },
    params: { [`param_${mark}`]: mark },
    message: `message of ${mark}`,
    [`field_${mark}`]: mark,
  });
  const run = (run_id: string, began: string, isGood: boolean) => [
    { ...of(run_id), event_type: 'RUN_START', start_time: began, sla: { expected_max_duration_ms: 60_000 } },
    {
      ...{ ...of(run_id), event_type: 'STEP_END', status: isGood ? 'SUCCESS' : 'FAILED', step_index: 0 },
      ...{ step_name: `step_${mark}`, start_time: after(began, 1), end_time: after(began, 5) },
      ...{ records_in: 1_000, records_out: 900, data_size_bytes_in: 5_000, data_size_bytes_out: 4_000 },
      input_sources: [{ type: 's3', path: 's3://shared/common' }],
      output_targets: [
        { type: 's3', path: 's3://shared/all' },
        { type: 's3', path: `s3://tables/${mark}` },
      ],
      metrics: { [`metric_${mark}`]: 3, shuffle_read_bytes: 500 },
    },
    {
      ...{ ...of(run_id), event_type: 'QUALITY', event_time: after(began, 6) },
      quality: [
        { dataset: `s3://tables/${mark}`, check_name: `check_${mark}`, success: isGood, severity: 'HIGH' },
        {
          dataset: 's3://shared/all',
          check_name: 'not_empty',
          success: isGood,
          records_checked: 10,
          records_failed: 1,
        },
      ],
    },
    {
      ...{ ...of(run_id), event_type: 'RUN_END', status: isGood ? 'SUCCESS' : 'FAILED' },
      ...{ start_time: began, end_time: after(began, 10), data_interval_end: began },
      ...(isGood
        ? {}
        : { error: { error_code: `E_${mark}`, message: `it broke in ${mark}`, stack_trace: `at ${mark}` } }),
    },
  ];
  return [
    ...[30, 52, 76].flatMap((hours, at) => run(`run-${at}`, hoursAgo(hours), true)),
    ...run('run-bad', hoursAgo(3), false),
    { ...of('run-open'), event_type: 'RUN_START', start_time: hoursAgo(2) },
    ...run(`only-${mark}`, hoursAgo(5), true),
  ];
}

/** What others wrote of our table: a neighbour that is not ours. */
export const READS_OURS = {
  ...{ environment: 'prod', process_name: 'orders_zebra', run_id: 'only-zebra', owner: 'team-zebra' },
  ...{
    event_type: 'STEP_END',
    status: 'SUCCESS',
    step_name: 'read_alpha',
    start_time: hoursAgo(5),
    end_time: hoursAgo(4),
  },
  input_sources: [{ type: 's3', path: 's3://tables/alpha' }],
  output_targets: [{ type: 's3', path: 's3://tables/zebra-of-alpha' }],
};

/** The file of pipelines: each is due daily, what comes after ours waits for it, and each can be started again. */
export const fileOf = (all: readonly Marked[]): string =>
  [
    'version: 1',
    'pipelines:',
    ...all.flatMap((marked) => [
      `  ${pipelineOf(marked)}:`,
      `    environment: ${marked.environment}`,
      ...(marked.fileOwner === undefined ? [] : [`    owner: ${marked.fileOwner}`]),
      // Nobody is told, so that no receipt tells the ledgers apart.
      '    hold: 1h',
      `    runbook: https://wiki/${marked.mark}`,
      '    schedule: { cron: "0 3 * * *" }',
      '    restart: { command: { run: ["true"] } }',
      ...(marked.mark === 'zebra' ? ['    depends_on: [orders_alpha]'] : []),
    ]),
  ].join('\n');

/** A served ledger of these pipelines, with tokens. */
export interface World {
  readonly server: RunningServer;
  /** Asks as the holder of a token. */
  readonly as: (token: string) => (path: string, init?: RequestInit) => Promise<Response>;
  readonly token: (name: string, roles: readonly Role[], limits?: Limits) => Promise<string>;
  readonly close: () => Promise<void>;
}

export async function openWorld(all: readonly Marked[], more: readonly object[] = []): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'runledger-limited-'));
  const file = join(dir, 'pipelines.yaml');
  writeFileSync(file, fileOf(all));
  const server = await startServer({
    ...{ dir: join(dir, 'data'), host: '127.0.0.1', port: 0, environment: 'prod', token: 'whole' },
    alerting: { file },
    onAlert: () => undefined,
  });
  const as =
    (token: string) =>
    (path: string, init: RequestInit = {}) =>
      fetch(`${server.url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });
  const tokens = openTokenFiles({
    dir: server.dir,
    clock: systemClock,
    secrets: tokenSecrets,
    onError: () => undefined,
  });
  const lines = [...all.flatMap(eventsOf), ...more].map((event) => JSON.stringify(event)).join('\n');
  const sent = await as('whole')('/events', { method: 'POST', body: lines });
  if (sent.status !== 200) throw new Error(`expected every event to be taken, but got ${await sent.text()}`);
  await server.ledger.settle();
  // Another file holds: which run filled which slot is written anew before incidents are answered.
  appendFileSync(file, '\n# the same\n');
  await server.ledger.alerts.incidents({ limit: 1 });
  return {
    server,
    as,
    token: async (name, roles, limits = {}) => {
      const secret = secretOf(name, 'a'.repeat(43));
      await tokens.create({ name, roles, created_at: systemClock.now(), expires_at: null, ...limits }, secret);
      return secret;
    },
    close: async () => {
      await server.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
