import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readServing } from '../adapters/file-system/serving-file.ts';
import { type RemoteOptions, remoteLedger } from '../adapters/http/client.ts';
import type { Seals } from '../core/audit/verify-report.ts';
import { FOLDERS } from '../core/object-keys.ts';
import type { Holidays } from '../core/ports/holidays.ts';
import type { TokenStore } from '../core/ports/named-tokens.ts';
import type { Price } from '../core/prices/price.ts';
import { quoted } from '../core/shell.ts';
import type { FolderLedger } from '../ledger/api.ts';
import { FolderInUseError } from '../ledger/errors.ts';
import type { LedgerOptions } from '../local/ledger.ts';
import type { Replayed, Replaying } from '../local/replay.ts';
import type { RunningServer, ServerOptions } from '../local/server.ts';
import type { ServedPage } from './aws/page.ts';
import { type AwsTarget, awsTargetOf } from './aws/target.ts';
import type { Finding } from './doctor/check.ts';
import { EXIT, Stop } from './exit-code.ts';
import type { Io } from './io.ts';
import type { OpenedLedger, OpenLedger, Purpose, Target } from './opened-ledger.ts';

export type { RunningServer, ServerOptions } from '../local/server.ts';

/** Ledgers of every form, as the commands ask for them. */
export interface Ledgers {
  readonly open: OpenLedger;
  /** Checks every link of a ledger. */
  readonly examine: (target: Target) => Promise<readonly Finding[]>;
  /** The named tokens of a folder, also while it is served: the server reads them again; or of a deployed ledger. */
  readonly tokensOf: (target: Target) => Promise<TokenStore>;
  /** What is sealed of a folder, also while it is served; or of a deployed ledger. */
  readonly sealsOf: (target: Target) => Promise<Seals>;
  /** Serves the page of a deployed ledger to this machine's user. */
  readonly openPage: (
    target: Target & { readonly port: number; readonly prices: () => readonly Price[] },
  ) => Promise<ServedPage>;
  readonly startServer: (options: ServerOptions) => Promise<RunningServer>;
  /** Tables of megabytes, which only files of pipelines ask for. */
  readonly holidays: () => Promise<Holidays>;
  /** Replays kept events through the rules of files. */
  readonly replay: (replaying: Replaying) => Promise<Replayed>;
}

/**
 * The one place that picks `local/` or `aws/`. Each is loaded when it is meant: an engine, or the clients of AWS, take
 * longer to load than most commands to run. `onError` is called with every failure that a ledger in this process survives,
 * `onNotice` with what else a person should know.
 */
export function ledgersOf(io: Io, onError: (error: unknown) => void, onNotice: (text: string) => void): Ledgers {
  const open = ledgerOpener(io, {
    openFolder: async (options) => (await import('../local/ledger.ts')).openLedger({ ...options, onError, onNotice }),
    openStack: async (target, purpose) => (await import('./aws/ledger.ts')).openStackLedger(target, purpose, io),
  });
  return {
    open,
    examine: async (target) => {
      const aws = awsTargetOf(target);
      return aws === undefined
        ? (await import('./doctor/examine-local.ts')).examineLocal(open, target, io)
        : (await import('./aws/examine.ts')).examineStack(aws, io);
    },
    tokensOf: async (target) => {
      const aws = awsTargetOf(target);
      if (aws !== undefined) return (await import('./aws/tokens.ts')).openStackTokens(aws, io.clock);
      const { openTokenFiles } = await import('../adapters/file-system/token-files.ts');
      const { tokenSecrets: secrets } = await import('../adapters/token-secrets.ts');
      const dir = target.data ?? given(io.env.RUNLEDGER_DATA) ?? DEFAULT_FOLDER;
      const { recordedTokens } = await import('../local/recorded-tokens.ts');
      return recordedTokens(openTokenFiles({ dir, clock: io.clock, secrets, onError }), dir, io.clock);
    },
    sealsOf: async (target) => {
      const aws = awsTargetOf(target);
      if (aws !== undefined) return (await import('./aws/sealed.ts')).openStackSeals(aws);
      if (target.url !== undefined)
        throw new Stop(
          EXIT.usage,
          'expected --data or --aws: `verify` reads the objects themselves, not what a server says',
        );
      const folder = target.data ?? given(io.env.RUNLEDGER_DATA) ?? folderAbove(io.cwd) ?? DEFAULT_FOLDER;
      if (!existsSync(join(folder, FOLDERS.raw)))
        throw new Stop(EXIT.notFound, `there is no ledger in ${resolve(folder)}; say where yours is with --data`);
      return (await import('../local/sealed.ts')).openSeals(folder);
    },
    openPage: async ({ port, prices, ...target }) => {
      const aws = awsTargetOf(target);
      if (aws === undefined) throw new Error('expected that the page of a folder is served with it');
      return (await import('./aws/page.ts')).openStackPage(aws, { port, prices, onError }, io);
    },
    startServer: async (options) =>
      (await import('../local/server.ts')).startServer({
        ...options,
        onError,
        onNotice,
        onAlert: (line) => void io.stderr.write(`${line}\n`),
      }),
    holidays: async () => (await import('../adapters/holidays/holidays.ts')).openHolidays(io.clock.now()),
    replay: async (replaying) => (await import('../local/replay.ts')).replayEvents(replaying),
  };
}

/** The ways to open a ledger. */
export interface Openers {
  readonly openFolder: (options: LedgerOptions) => Promise<FolderLedger>;
  readonly openStack: (target: AwsTarget, purpose: Purpose) => Promise<OpenedLedger>;
  /** Default: over HTTP. */
  readonly connect?: (options: RemoteOptions) => FolderLedger;
}

/** The folder of a ledger when none is named. */
export const DEFAULT_FOLDER = '.runledger';
const PAUSE_MS = 100;
const MAX_PAUSES = 50;

/**
 * Decides how a ledger is reached. What is typed goes before the environment, and an address before a folder. A folder
 * that a living ledger serves is asked over HTTP; any other is opened in this process.
 */
export function ledgerOpener(
  io: Pick<Io, 'env' | 'cwd' | 'pause' | 'program'>,
  { openFolder, openStack, connect = remoteLedger }: Openers,
): OpenLedger {
  return async (target, purpose) => {
    const aws = awsTargetOf(target);
    if (aws !== undefined) return openStack(aws, purpose);

    const url = target.url ?? (target.data === undefined ? given(io.env.RUNLEDGER_URL) : undefined);
    const token = target.token ?? given(io.env.RUNLEDGER_TOKEN);
    if (url !== undefined) return { ...connect({ url: addressOf(url), token }), where: addressOf(url) };

    const folder = target.data ?? given(io.env.RUNLEDGER_DATA) ?? folderAbove(io.cwd) ?? DEFAULT_FOLDER;
    const served = await servedAt(folder, token);
    if (served) return served;
    if (purpose === 'follow') {
      throw new Stop(
        EXIT.failure,
        `expected a ledger that serves ${resolve(folder)}, but none does; start one with \`${serveCommand(target, io)}\` and try again`,
      );
    }
    if (purpose === 'read' && !existsSync(join(folder, FOLDERS.raw))) {
      throw new Stop(
        EXIT.notFound,
        `there is no ledger in ${resolve(folder)}${target.data === undefined ? ' or in a folder above' : ''}; start one with \`${serveCommand(target, io)}\`, or say where yours is with --data or --url`,
      );
    }
    return openWhenFree(folder, token);
  };

  /** Another command leaves the folder in a moment; a ledger that is just starting soon says where it serves. */
  async function openWhenFree(folder: string, token: string | undefined): Promise<OpenedLedger> {
    for (let pauses = 0; ; pauses++) {
      try {
        return { ...(await openFolder({ dir: folder })), where: folder };
      } catch (error) {
        if (!(error instanceof FolderInUseError) || pauses === MAX_PAUSES) throw error;
      }
      await io.pause(PAUSE_MS);
      const served = await servedAt(folder, token);
      if (served) return served;
    }
  }

  async function servedAt(folder: string, token: string | undefined): Promise<OpenedLedger | undefined> {
    const serving = existsSync(folder) ? readServing(folder) : null;
    if (serving === null) return undefined;
    const ledger = connect({ url: serving.url, token: serving.token ?? token });
    try {
      // A ledger that died leaves its address behind, and one of another folder may have taken it since.
      const { data_dir } = await ledger.summary();
      return realPath(data_dir) === realPath(folder) ? { ...ledger, where: serving.url } : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The ledger of the folder that a person is in, or of the nearest one above, as git finds a repository. */
function folderAbove(cwd: string): string | undefined {
  const folder = join(cwd, DEFAULT_FOLDER);
  if (existsSync(join(folder, FOLDERS.raw))) return folder;
  const above = dirname(cwd);
  return above === cwd ? undefined : folderAbove(above);
}

/** What to type to have a ledger in the folder that was meant. */
const serveCommand = ({ data }: Target, { program }: Pick<Io, 'program'>): string =>
  [program, 'serve', ...(data === undefined ? [] : ['--data', quoted(data)])].join(' ');

const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function addressOf(url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) return url.replace(/\/+$/, '');
  throw new Stop(EXIT.usage, `expected --url as an address like http://127.0.0.1:4319, but got ${url}`);
}
