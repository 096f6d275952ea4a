import { existsSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { lockFolder } from '../adapters/file-system/folder-lock.ts';
import { recoverSegments } from '../adapters/file-system/segment-log.ts';
import { errorMessage } from '../core/error-message.ts';
import { FOLDERS } from '../core/object-keys.ts';
import { ANSWER_LIMITS } from '../core/ports/answer-engine.ts';
import { listRuns, showRun } from '../flows/answer.ts';
import { recordLanded } from '../flows/track-object.ts';
import type { FolderLedger } from '../ledger/api.ts';
import { FolderInUseError } from '../ledger/errors.ts';
import { VERSION } from '../ledger/version.ts';
import { startHistoryLane } from './history-lane.ts';
import { startIngest } from './ingest.ts';
import { startLiveLane } from './live-lane.ts';
import { openPorts } from './ports.ts';
import { rebuild } from './rebuild.ts';

/** How a ledger in a folder is opened. */
export interface LedgerOptions {
  /** The folder everything is kept in. Default `.runledger`. */
  readonly dir: string;
  /** Stamped on events that name none. Default `local`. */
  readonly environment?: string | undefined;
  /** IANA zone of times without one. Default UTC. */
  readonly zone?: string | undefined;
  /** Keep e-mail addresses in `user` instead of hashing them. Default: false. */
  readonly keepUserEmail?: boolean | undefined;
  /** Masked beside the built-in patterns. Default: none. */
  readonly maskPatterns?: readonly { readonly name: string; readonly pattern: string }[] | undefined;
  /** Also survive loss of power: wait for the disk on every request. Default: survives `kill -9` only. */
  readonly fsync?: boolean | undefined;
  /** The limit of the query engine, in MB. Default 500. */
  readonly memoryLimitMb?: number | undefined;
  /** Called with failures that no caller waits for. Default: they are dropped. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const QUERY_LIMITS = { ...ANSWER_LIMITS, timeoutMs: 10_000 };
/** Batches that may wait for the live runs; beyond them `send` rejects with `OverloadedError`. */
const MAX_LIVE_BATCHES = 64;

/**
 * Opens the ledger of a folder in this process, after it has recovered what an earlier one left behind. Throws
 * `FolderInUseError` when another process has the folder open.
 */
export async function openLedger(options: LedgerOptions): Promise<FolderLedger> {
  const dir = resolve(options.dir);
  makeFolder(dir);
  const lock = lockFolder(dir);
  if (!('release' in lock)) {
    const holder = lock.heldBy === null ? '' : ` (${lock.heldBy})`;
    throw new FolderInUseError(
      `another ledger is using ${dir}${holder}; stop it, or give this one a folder of its own with --data`,
    );
  }
  const onError = options.onError ?? (() => undefined);
  const recovered = recoverSegments(dir, FOLDERS.raw);
  recoverSegments(dir, FOLDERS.rejected);
  const ports = await openPorts(dir, options.memoryLimitMb);
  const { live, engine, store, clock, answers } = ports;
  await engine.migrate();
  await live.recordObjects(recovered);
  await recordLanded(store, live);

  const ingest = startIngest(
    {
      root: dir,
      environment: options.environment ?? 'local',
      zone: options.zone ?? 'UTC',
      keepUserEmail: options.keepUserEmail ?? false,
      maskPatterns: options.maskPatterns ?? [],
      fsync: options.fsync ?? false,
    },
    (message) => lane.take(message),
    () => lane.waiting() > MAX_LIVE_BATCHES,
  );
  const history = startHistoryLane({ ...ports, sink: ingest }, onError);
  const lane = startLiveLane(live, history.wake, onError);
  history.wake();

  /** Everything acknowledged so far: sealed, tracked, in the tables. */
  async function settle(): Promise<void> {
    await ingest.seal();
    await lane.drain();
    await history.drain();
  }

  /** Everything acknowledged so far: in the live runs. */
  async function tracked(): Promise<void> {
    await ingest.sync();
    await lane.drain();
  }

  return {
    send: (records) => ingest.send(records),
    runs: async (filter) => {
      await tracked();
      return listRuns(live, filter, clock.now());
    },
    show: async (filter) => {
      await tracked();
      return showRun(live, filter, clock.now());
    },
    query: async (sql) => {
      await settle();
      return answers.answer(sql, QUERY_LIMITS);
    },
    summary: async () => ({ ...(await live.summary()), version: VERSION, data_dir: dir }),
    rebuild: async (wanted) => {
      await settle();
      return rebuild(ports, dir, wanted);
    },
    settle,
    close: async () => {
      await ingest.seal();
      await lane.drain();
      await ingest.close();
      await history.close();
      await live.close();
      await ports.lake.close();
      lock.release();
    },
  };
}

function makeFolder(dir: string): void {
  try {
    makeMissing(dir);
  } catch (cause) {
    const came = errorMessage(cause);
    throw new Error(`cannot write to the folder ${dir}: ${came}; choose another with --data`, { cause });
  }
}

/** One folder at a time: `mkdirSync` with `recursive` never returns below /proc, where nothing can be made. */
function makeMissing(dir: string): void {
  if (existsSync(dir)) return;
  makeMissing(dirname(dir));
  mkdirSync(dir);
}
