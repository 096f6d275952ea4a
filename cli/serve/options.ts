import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { quoted } from '../../core/shell.ts';
import { PIPELINES_FILE } from '../commands/pipelines.ts';
import { wholeNumber } from '../context.ts';
import type { Io } from '../io.ts';
import type { ServerOptions } from '../ledger.ts';
import { DEFAULT_FOLDER } from '../ledger.ts';
import { PRICES_FILE } from '../prices-file.ts';

/** The options of `serve` and `start` that say how to serve, as typed. */
export interface ServeOptions {
  readonly port: number;
  readonly host: string;
  readonly token?: string;
  readonly data?: string;
  readonly environment?: string;
  readonly zone?: string;
  readonly fsync?: true;
  readonly memoryLimit?: number;
  readonly allowHost?: readonly string[];
  readonly allowOrigin?: readonly string[];
  readonly keepRawDays?: number;
  readonly keepLogsDays?: number;
  readonly pipelines?: string;
  readonly prices?: string;
}

/** Adds those options to a command. */
export const withServeOptions = (command: Command): Command =>
  command
    .option('--data <dir>', `folder that keeps everything (default: $RUNLEDGER_DATA or ${DEFAULT_FOLDER})`)
    .option('--port <port>', 'port to listen on; 0: any free one', wholeNumber(0, 65_535), 4319)
    .option('--host <address>', 'address to listen on; any but loopback needs --token or a named token', '127.0.0.1')
    .option('--token <token>', 'what callers must send, beside named tokens (default: $RUNLEDGER_TOKEN, else nothing)')
    .option('--allow-host <name...>', 'names this server is reached by beside its own')
    .option(
      '--allow-origin <origin...>',
      'origins under which a proxy shows the page, like https://ledger.example.com',
      readOrigin,
    )
    .option('--environment <name>', 'environment of events that name none (default: local)')
    .option('--zone <zone>', 'IANA zone of times that name none (default: UTC)', readZone)
    .option(
      '--memory-limit <mb>',
      'memory DuckDB may use (default: 500); under load the process needs up to 300 MB beside it',
      wholeNumber(100, 1_000_000),
    )
    .option(
      '--keep-raw-days <days>',
      'delete raw lines so many days after they arrived; the tables cannot be rebuilt from what is deleted (default: kept)',
      wholeNumber(30, 36_500),
    )
    .option(
      '--keep-logs-days <days>',
      'delete rows of pipeline_logs so many days after the date of their event; runs and metrics stay (default: kept)',
      wholeNumber(30, 36_500),
    )
    .option(
      '--pipelines <file>',
      `file of what is expected of pipelines (default: ${PIPELINES_FILE} in the folder, else in this one)`,
    )
    .option('--prices <file>', `file of what things cost (default: ${PRICES_FILE} in the folder, else in this one)`)
    .option('--fsync', 'wait for the disk on every request, to survive loss of power');

/** What was typed, completed from the environment. */
export function serverOptionsOf(options: ServeOptions, { env, program }: Pick<Io, 'env' | 'program'>): ServerOptions {
  const { port, host, environment, zone, fsync, memoryLimit, allowHost, allowOrigin, keepRawDays, keepLogsDays } =
    options;
  const dir = folderOf(options, { env });
  return {
    dir,
    alerting: {
      file: options.pipelines ?? fileIn(dir, PIPELINES_FILE),
      command: options.data === undefined ? commandFor(dir, program) : program,
    },
    prices: options.prices ?? fileIn(dir, PRICES_FILE),
    token: options.token ?? (env.RUNLEDGER_TOKEN || undefined),
    port,
    host,
    environment,
    zone,
    fsync,
    memoryLimitMb: memoryLimit,
    allowedHosts: allowHost,
    allowedOrigins: allowOrigin,
    keepRawDays,
    keepLogsDays,
  };
}

/** The folder that is meant, as typed. */
export const folderOf = ({ data }: { readonly data?: string | undefined }, { env }: Pick<Io, 'env'>): string =>
  data ?? (env.RUNLEDGER_DATA || DEFAULT_FOLDER);

/** What a reader types to reach this ledger, from whatever folder. */
const commandFor = (dir: string, program: string): string =>
  dir === DEFAULT_FOLDER ? program : `RUNLEDGER_DATA=${quoted(resolve(dir))} ${program}`;

/** The file that is watched, whether it is there yet or not: one in the ledger's folder goes before one beside it. */
export function fileIn(dir: string, name: string): string {
  const own = join(dir, name);
  return existsSync(own) || !existsSync(name) ? own : name;
}

function readOrigin(text: string, before: readonly string[] = []): readonly string[] {
  if (URL.canParse(text) && new URL(text).origin === text) return [...before, text];
  throw new InvalidArgumentError('expected an origin, like https://ledger.example.com.');
}

function readZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }) && text;
  } catch {
    throw new InvalidArgumentError('expected an IANA zone, like Europe/Berlin.');
  }
}
