import { textFrom } from './environment.ts';
import { postThroughProxy } from './fetch-through-proxy.ts';
import { authorizationOf, baseOf, reasonOf } from './http-address.ts';
import { mask } from './mask.ts';
import { DEFAULT_URL } from './places.ts';
import { proxyFor } from './proxy.ts';
import { nodeRuntime, type Runtime } from './runtime.ts';

/** How far a pipeline's data has come. All undefined: no run of it succeeded so far, and nobody set it by hand. */
export interface Watermark {
  /** The end of the latest data interval that a successful run covered, or what a person set since. */
  readonly data_until: Date | undefined;
  readonly last_success_at: Date | undefined;
  readonly last_success_run_id: string | undefined;
}

export interface WatermarkOptions {
  /** Default: RUNLEDGER_ENVIRONMENT, else the furthest of all. */
  readonly environment?: string | undefined;
}

/** The ledger could not be asked. A job that reads a watermark must not take this for "never ran". */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

const TIMEOUT_MS = 15_000;
const MAX_REASON_LENGTH = 500;

/**
 * What the last successful run of a pipeline covered, from the ledger at RUNLEDGER_URL with the token RUNLEDGER_TOKEN,
 * which has to read. Rejects with `LedgerUnavailable` when the ledger does not answer. `runtime` is for tests.
 */
export async function watermark(
  process_name: string,
  options: WatermarkOptions = {},
  runtime: Runtime = nodeRuntime,
): Promise<Watermark> {
  const environment = options.environment || textFrom(runtime, 'RUNLEDGER_ENVIRONMENT');
  const where = environment === undefined ? '' : ` and environment = ${literal(environment)}`;
  const [row = {}] = await ask(
    'select data_until, last_success_at, last_success_run_id from watermarks ' +
      `where process_name = ${literal(process_name)}${where} and coalesce(last_success_at, set_at) is not null ` +
      'order by last_success_at desc nulls last, set_at desc nulls last limit 1',
    runtime,
  );
  return {
    data_until: moment(row.data_until),
    last_success_at: moment(row.last_success_at),
    last_success_run_id: typeof row.last_success_run_id === 'string' ? row.last_success_run_id : undefined,
  };
}

type Row = Readonly<Record<string, unknown>>;

/** The rows of an answer. Rejects with `LedgerUnavailable`. */
export async function ask(sql: string, runtime: Runtime): Promise<readonly Row[]> {
  const endpoint = `${baseOf(textFrom(runtime, 'RUNLEDGER_URL') ?? DEFAULT_URL)}/query`;
  const failed = (got: string, cause?: unknown) =>
    new LedgerUnavailable(`Expected POST ${endpoint} to answer 200 with rows, got ${got}`, { cause });
  const proxy = proxyFor(endpoint, (name) => runtime.env(name));
  const request = {
    headers: { 'content-type': 'application/json', ...authorizationOf(textFrom(runtime, 'RUNLEDGER_TOKEN')) },
    body: Buffer.from(JSON.stringify({ sql })),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const response = await (proxy
    ? postThroughProxy(endpoint, proxy, request)
    : fetch(endpoint, { method: 'POST', redirect: 'manual', ...request })
  ).catch((cause: unknown) => Promise.reject(failed(reasonOf(cause), cause)));
  const text = await response.text().catch((cause: unknown) => Promise.reject(failed(reasonOf(cause), cause)));
  if (!response.ok) throw failed(`${response.status}: ${mask(text.trim().slice(0, MAX_REASON_LENGTH))}`);
  try {
    const { columns, rows } = JSON.parse(text) as { columns: { name: string }[]; rows: unknown[][] };
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));
  } catch (cause) {
    throw failed('something else', cause);
  }
}

export const literal = (text: string): string => `'${String(text).replaceAll("'", "''")}'`;

/** The ledger's times are in UTC. */
function moment(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const date = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value.replace(' ', 'T')}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
