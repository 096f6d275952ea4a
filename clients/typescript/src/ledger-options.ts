import { countFrom, flagFrom, textFrom } from './environment.ts';
import type { Producer } from './event.ts';
import type { BufferLimits } from './event-buffer.ts';
import { PLACES, type Places, transportsTo } from './places.ts';
import { MAX_TIMER_MS, type Runtime } from './runtime.ts';
import type { SpoolLimits } from './spool.ts';
import { spoolFolder } from './spool-folder.ts';
import type { Transport } from './transport.ts';
import { VERSION } from './version.ts';
import { unexpected } from './wire-value.ts';

/** All optional. A wrong one throws a TypeError with its name, what was expected, and the value. */
export interface LedgerOptions extends Places {
  /** How events travel; several carry each event once. Default: everywhere that `url`, `stream`, `file` and `s3` say. */
  readonly transport?: Transport | readonly Transport[] | undefined;
  /** Where the ledger listens. Default: everywhere that the environment says, else `http://127.0.0.1:4319`. */
  readonly url?: string | undefined;
  /** A stream of Amazon Data Firehose; needs `@aws-sdk/client-firehose`. */
  readonly stream?: string | undefined;
  /** A file of NDJSON, for `runledger ingest`. */
  readonly file?: string | undefined;
  /** `s3://bucket/prefix`, for objects of NDJSON; needs `@aws-sdk/client-s3`. */
  readonly s3?: string | undefined;
  /** Bearer token for the HTTP transport. Default: RUNLEDGER_TOKEN, else none. */
  readonly token?: string | undefined;
  /** The environment (`prod`, `staging`, …) of runs that name none. Default: RUNLEDGER_ENVIRONMENT, else the tag `env`, else the ledger's own. */
  readonly environment?: string | undefined;
  /** Team or person answering for the pipelines. Default: RUNLEDGER_OWNER. */
  readonly owner?: string | undefined;
  /** Which program emits. Default: this package. */
  readonly producer?: Producer | undefined;
  /** Labels of every run. */
  readonly tags?: Readonly<Record<string, string | number | boolean>> | undefined;
  /**
   * Called with every problem: a call that failed, events dropped, a value that could not be used. Errors that it throws
   * are ignored. Default: the first one becomes a Node.js process warning, the others are counted in `stats()`;
   * RUNLEDGER_DEBUG makes a warning of each.
   */
  readonly onError?: ((error: Error) => void) | undefined;
  /**
   * Whether runs beat by themselves while they are under way. Default: true. With false, `ledger.run` promises no
   * heartbeats, and a run that sets `heartbeat_interval_ms` must call `run.heartbeat()` itself.
   */
  readonly heartbeats?: boolean | undefined;
  /** Whether a run finds out by itself where it runs. Default: RUNLEDGER_CONTEXT, else true. */
  readonly context?: boolean | undefined;
  /**
   * Whether runs that are open when the process ends end with it: CANCELLED by SIGTERM, SIGINT and SIGHUP, FAILED by an
   * error that nobody handles, by `process.exit`, and when nothing is left to do. Default: true.
   */
  readonly end_with_process?: boolean | undefined;
  /** How long an event waits for others to travel with, in milliseconds. Default: 1,000. */
  readonly flush_interval_ms?: number | undefined;
  /**
   * The most that waits in memory; the oldest events beyond are dropped and counted. Default: RUNLEDGER_BUFFER_BYTES, else
   * 8 MiB; 50,000 events.
   */
  readonly max_buffer_bytes?: number | undefined;
  readonly max_buffer_events?: number | undefined;
  /**
   * The folder of what could not be sent; it is sent when sending works again, by this process or a later one. False:
   * none, what cannot be sent waits in memory. Default: RUNLEDGER_SPOOL, else `~/.local/state/runledger/spool`; none for
   * a transport of your own. RUNLEDGER_SPOOL_BYTES (256 MiB) and RUNLEDGER_SPOOL_HOURS (168) bound it.
   */
  readonly spool?: string | false | undefined;
}

export interface LedgerSettings {
  readonly transports: readonly Transport[];
  readonly environment: string | undefined;
  readonly owner: string | undefined;
  readonly producer: Producer;
  readonly tags: Readonly<Record<string, unknown>>;
  readonly onError: ((error: Error) => void) | undefined;
  readonly debug: boolean;
  readonly heartbeats: boolean;
  readonly context: boolean;
  readonly endWithProcess: boolean;
  readonly flushIntervalMs: number;
  readonly limits: BufferLimits;
  /** Undefined: there is no spool. */
  readonly spool: string | undefined;
  readonly spoolLimits: SpoolLimits;
}

/** Checks options and fills in the defaults. Throws a TypeError for the first one that is wrong. */
export function settingsOf(options: LedgerOptions, runtime: Runtime): LedgerSettings {
  if (typeof options !== 'object' || options === null) throw unexpected('options', 'an object', options);
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(CHECKS, name)) throw unexpected('options', `one of ${Object.keys(CHECKS).join(', ')}`, name);
    const value = options[name as keyof LedgerOptions];
    const check = CHECKS[name as keyof LedgerOptions];
    if (value !== undefined && !check.holds(value)) throw unexpected(name, check.expected, secretless(name, value));
  }
  const places = [...PLACES, 'token' as const].filter((name) => options[name] !== undefined);
  if (options.transport && places.length > 0)
    throw new TypeError(`\`transport\`: expected either a transport, or \`${places.join('`, `')}\`, got both`);
  return {
    transports: options.transport ? [options.transport].flat() : transportsTo(options, options.token, runtime),
    environment: options.environment ?? textFrom(runtime, 'RUNLEDGER_ENVIRONMENT'),
    owner: options.owner ?? textFrom(runtime, 'RUNLEDGER_OWNER'),
    producer: options.producer ?? { name: '@runledger/client', version: VERSION },
    tags: { ...options.tags },
    onError: options.onError,
    debug: flagFrom(runtime, 'RUNLEDGER_DEBUG', false),
    heartbeats: options.heartbeats ?? true,
    context: options.context ?? flagFrom(runtime, 'RUNLEDGER_CONTEXT', true),
    endWithProcess: options.end_with_process ?? true,
    flushIntervalMs: options.flush_interval_ms ?? 1_000,
    limits: {
      bytes: options.max_buffer_bytes ?? countFrom(runtime, 'RUNLEDGER_BUFFER_BYTES', 8 * 1024 * 1024),
      events: options.max_buffer_events ?? 50_000,
    },
    spool: spoolFolder(options.spool, options.transport !== undefined, runtime),
    spoolLimits: {
      bytes: countFrom(runtime, 'RUNLEDGER_SPOOL_BYTES', 256 * 1024 * 1024),
      ageMs: countFrom(runtime, 'RUNLEDGER_SPOOL_HOURS', 168) * 3_600_000,
    },
  };
}

interface Check {
  readonly expected: string;
  readonly holds: (value: unknown) => boolean;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isTransport = (value: unknown): boolean => isObject(value) && typeof value.send === 'function';
const TEXT: Check = {
  expected: 'text that is not empty',
  holds: (value) => typeof value === 'string' && value.trim() !== '',
};
const FLAG: Check = { expected: 'true or false', holds: (value) => typeof value === 'boolean' };
const COUNT: Check = {
  expected: 'a positive integer',
  holds: (value) => Number.isSafeInteger(value) && (value as number) > 0,
};

const CHECKS: { readonly [Name in keyof LedgerOptions]-?: Check } = {
  transport: {
    expected: 'an object with a method `send`',
    holds: (value) => isTransport(value) || (Array.isArray(value) && value.length > 0 && value.every(isTransport)),
  },
  url: TEXT,
  stream: TEXT,
  file: TEXT,
  s3: TEXT,
  token: TEXT,
  environment: TEXT,
  owner: TEXT,
  producer: {
    expected: '{ name, version }, both text',
    holds: (value) => isObject(value) && TEXT.holds(value.name) && TEXT.holds(value.version),
  },
  tags: {
    expected: 'an object of text, numbers or booleans',
    holds: (value) =>
      isObject(value) && Object.values(value).every((each) => ['string', 'number', 'boolean'].includes(typeof each)),
  },
  onError: { expected: 'a function', holds: (value) => typeof value === 'function' },
  heartbeats: FLAG,
  context: FLAG,
  end_with_process: FLAG,
  flush_interval_ms: {
    expected: `an integer from 1 to ${MAX_TIMER_MS}`,
    holds: (value) => COUNT.holds(value) && (value as number) <= MAX_TIMER_MS,
  },
  max_buffer_bytes: COUNT,
  max_buffer_events: COUNT,
  spool: {
    expected: 'the path of a folder, or false for none',
    holds: (value) => value === false || TEXT.holds(value),
  },
};

const secretless = (name: string, value: unknown): unknown =>
  name === 'token' && typeof value === 'string' && value !== '' ? '[secret]' : value;
