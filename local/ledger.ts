import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { contentHash } from '../adapters/content-hash.ts';
import { PRIVATE_FOLDER } from '../adapters/file-system/durable.ts';
import { lockFolder } from '../adapters/file-system/folder-lock.ts';
import { lastLinesOf } from '../adapters/file-system/last-lines.ts';
import { openSecrets } from '../adapters/file-system/secrets.ts';
import { recoverSegments } from '../adapters/file-system/segment-log.ts';
import { sha256 } from '../adapters/sha256.ts';
import { sendBeat } from '../adapters/webhook/beat.ts';
import { errorMessage } from '../core/error-message.ts';
import { maskOf } from '../core/mask/mask.ts';
import { FOLDERS } from '../core/object-keys.ts';
import { ANSWER_LIMITS } from '../core/ports/answer-engine.ts';
import { RequestRefusedError } from '../core/recovery/start-request.ts';
import { alertsOf } from '../flows/alerts.ts';
import { listRuns, showRun } from '../flows/answer.ts';
import { expectationsIn, holdingPipelines, rememberPipelines } from '../flows/applied-pipelines.ts';
import { dismissRejections } from '../flows/dismiss.ts';
import { unsentNotices } from '../flows/evaluate-ledger.ts';
import { forgetObjects } from '../flows/forget.ts';
import { lagOf } from '../flows/lag.ts';
import { recoveryOf } from '../flows/recovery.ts';
import { parkedObjects, retryObjects } from '../flows/retry-objects.ts';
import { sealDays } from '../flows/seal-days.ts';
import { tellSilentEnd } from '../flows/tell-silent-end.ts';
import { testRoute } from '../flows/test-route.ts';
import { recordLanded } from '../flows/track-object.ts';
import { ensureUserSalt } from '../flows/user-salt.ts';
import type { FolderLedger } from '../ledger/api.ts';
import type { LedgerChanges } from '../ledger/changes.ts';
import { FolderInUseError } from '../ledger/errors.ts';
import { VERSION } from '../ledger/version.ts';
import { type AlertLane, startAlertLane } from './alert-lane.ts';
import { laptopChannels } from './alert-sending.ts';
import { countArrivals } from './arrivals.ts';
import { announceChanges } from './changes.ts';
import { daily } from './daily.ts';
import { isLakeDamage, isLakeInUse, noteLakeDamage, takeAgain } from './damaged-files.ts';
import { startHistoryLane } from './history-lane.ts';
import { startIngest } from './ingest.ts';
import { startInspector } from './inspector.ts';
import { startLiveLane } from './live-lane.ts';
import { startPacking } from './packing.ts';
import { openPorts } from './ports.ts';
import { rebuild } from './rebuild.ts';
import { type RecoveryLane, startRecoveryLane } from './recovery-lane.ts';
import { LAPTOP_RESTART_KINDS, laptopRestarters } from './restarters.ts';
import { expire, rawExpiry } from './retention.ts';
import { watchTroubles } from './troubles.ts';
import { waitingNote } from './waiting-note.ts';

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
  /** Judge pipelines and tell people of what is wrong, as long as the ledger is open. Default: nobody is told. */
  readonly alerting?: AlertingOptions | undefined;
  /** The limit of the query engine, in MB. Default 500. */
  readonly memoryLimitMb?: number | undefined;
  /** Days that raw lines are kept from their arrival on, and rows of the log from their date on. Default: for ever. */
  readonly keepRawDays?: number | undefined;
  readonly keepLogsDays?: number | undefined;
  /** Called with failures that no caller waits for, with each cause once while it lasts. Default: they are dropped. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** Called with each line of an alert that goes to the console. Default: as what a person should know. */
  readonly onAlert?: ((line: string) => void) | undefined;
  /** Called with what a person should know, and need not act on. Default: it is dropped. */
  readonly onNotice?: ((text: string) => void) | undefined;
}

/** How a ledger that is served tells people. */
export interface AlertingOptions {
  /** The file of pipelines to watch; without one, runs say what is expected of them. */
  readonly file?: string | undefined;
  /** How the reader of a notice calls the CLI for this ledger. Default `runledger`. */
  readonly command?: string | undefined;
  /**
   * What a command that the ledger starts needs to reach it: `RUNLEDGER_URL` and, where one is needed, `RUNLEDGER_TOKEN`.
   * Undefined: it cannot be reached yet, and starts nothing.
   */
  readonly reach?: (() => Readonly<Record<string, string>> | undefined) | undefined;
}

/** A ledger that this process has open. */
export interface OpenLedger extends FolderLedger, LedgerChanges {}

const QUERY_LIMITS = { ...ANSWER_LIMITS, timeoutMs: 10_000 };
/** Batches that may wait for the live runs; beyond them `send` rejects with `OverloadedError`. */
const MAX_LIVE_BATCHES = 16;

/**
 * Opens the ledger of a folder in this process, after it has recovered what an earlier one left behind. Throws
 * `FolderInUseError` when another process has the folder open.
 */
export async function openLedger(options: LedgerOptions): Promise<OpenLedger> {
  const dir = resolve(options.dir);
  makeFolder(dir);
  const lock = lockFolder(dir);
  if (!('release' in lock)) {
    const holder = lock.heldBy === null ? '' : ` (${lock.heldBy})`;
    throw new FolderInUseError(
      `another ledger is using ${dir}${holder}; stop it, or give this one a folder of its own with --data`,
    );
  }
  try {
    return await openHeld(dir, options, () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens the ledger of a folder that this process holds. */
async function openHeld(dir: string, options: LedgerOptions, release: () => void): Promise<OpenLedger> {
  const { onError = () => undefined, onNotice = () => undefined } = options;
  const { onAlert = onNotice } = options;
  const ports = await openPorts(dir, options.memoryLimitMb, onNotice).catch((error: unknown) => {
    throw isLakeInUse(error)
      ? new FolderInUseError(`another process has the tables of ${dir} open: ${errorMessage(error)}`, { cause: error })
      : error;
  });
  const { live, engine, store, clock, answers } = ports;
  await takeAgain(await engine.migrate(), live, onNotice);
  await live.recordObjects(recoverSegments(dir, FOLDERS.raw));
  recoverSegments(dir, FOLDERS.rejected);
  await recordLanded(store, live);

  const troubles = watchTroubles(clock, onError, onNotice);
  const lane = startLiveLane(live, troubles, onError);
  const mask = maskOf({ patterns: options.maskPatterns ?? [] });
  const ingest = startIngest(
    {
      root: dir,
      environment: options.environment ?? 'local',
      zone: options.zone ?? 'UTC',
      keepUserEmail: options.keepUserEmail ?? false,
      userSalt: await ensureUserSalt(store, randomUUID),
      maskPatterns: options.maskPatterns ?? [],
      fsync: options.fsync ?? false,
    },
    { onTold: lane.take, onDied: lane.forget, isBehind: () => lane.waiting() > MAX_LIVE_BATCHES, troubles },
  );
  const packing = startPacking({ root: dir, live, clock }, onError);
  const history = startHistoryLane({ ...ports, sink: ingest }, troubles, onError, packing);
  lane.onRecorded(history.wake);
  const remembered = rememberPipelines(store);
  const arrivals = countArrivals(clock);
  const changes = announceChanges();
  const alertPorts = {
    remembered,
    ...ports.alertStore,
    incidents: changes.ofIncidents(ports.alertStore.incidents),
    ...{ live, store, clock, hash: contentHash, environment: options.environment ?? 'local' },
    restartKinds: LAPTOP_RESTART_KINDS,
    holidays: async () => (await import('../adapters/holidays/holidays.ts')).openHolidays(clock.now()),
  };
  const { alerting } = options;
  const folder = alerting?.file === undefined ? dir : dirname(resolve(alerting.file));
  const secrets = openSecrets({ env: process.env, folder });
  const sending = {
    ...alertPorts,
    ...laptopChannels({ clock, secrets, write: onAlert }),
    command: alerting?.command ?? 'runledger',
  };
  const health = async () => {
    const known = troubles.list();
    const unsent = await unsentNotices(alertPorts.incidents);
    const why = known.find(({ part }) => part === 'alerts')?.cause;
    return {
      troubles: known,
      arrivals: arrivals.lastHour(),
      lag: await lagOf(live, clock.now()),
      unsent: unsent && { ...unsent, why },
    };
  };
  const beat = async (reference: string) => sendBeat(await secrets.read(reference));
  const restarter = laptopRestarters({
    ...{ outputFolder: join(dir, 'restarts'), folder, secrets, clock, env: process.env },
    reach: () => alerting?.reach?.() ?? {},
    onEnd: (ended) => {
      const settled = () => lane.drain();
      if (closing) return;
      void tellSilentEnd({ live, sink: ingest, clock, settled, lastLinesOf }, ended).catch(onError);
    },
  });
  const mayStart = () => alerting?.reach === undefined || alerting.reach() !== undefined;
  const expecting = async () => ({ expectations: expectationsIn(await holdingPipelines(alertPorts)) });
  const recovery: RecoveryLane | undefined =
    alerting &&
    startRecoveryLane({ ...alertPorts, restarter, sink: ingest, expecting, mayStart }, troubles, (pipelines) =>
      alertLane?.touchedPipelines(pipelines),
    );
  const alertLane: AlertLane | undefined =
    alerting && startAlertLane({ ...alertPorts, health, sending, beat, recovery }, alerting.file, troubles, onNotice);
  lane.onMerged((transitions) => {
    alertLane?.touched(transitions);
    changes.merged(transitions);
  });
  history.onTracked((pipelines) => alertLane?.touchedPipelines(pipelines));
  history.wake();
  let closing = false;
  const kept = { rawDays: options.keepRawDays, logsDays: options.keepLogsDays };
  const retention = daily(async () => {
    await expire(dir, ports, kept);
    await sealDays({ store, clock, sha256, keptFrom: () => rawExpiry(store) }, () => closing);
  }, onError);
  const inspector = startInspector({ ...ports, ingest, lane, troubles }, onError);

  /** Gaps of the live runs that are closed: those that the start found are none yet. */
  let closedGaps = -1;

  /** Everything acknowledged so far: sealed, tracked, in the tables. */
  async function settle(): Promise<void> {
    const gaps = lane.gaps();
    await ingest.seal();
    await lane.drain();
    if (gaps > closedGaps) await recordLanded(store, live);
    await history.drain();
    closedGaps = gaps;
  }

  /** Everything acknowledged so far: in the live runs. */
  async function tracked(): Promise<void> {
    await ingest.sync();
    await lane.drain();
    const gaps = lane.gaps();
    if (gaps <= closedGaps) return;
    await ingest.seal();
    await lane.drain();
    await recordLanded(store, live);
    await history.track();
    closedGaps = gaps;
  }

  /** What fails is a trouble, which is told: the answer is what there is. */
  const asFarAsCan = (work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => {
      if (isLakeDamage(error)) onNotice(noteLakeDamage(dir));
    });

  return {
    send: async (records) => {
      const taken = await ingest.send(records);
      arrivals.add(taken);
      return taken;
    },
    runs: async (filter) => {
      await asFarAsCan(tracked);
      return listRuns(live, filter, clock.now(), engine);
    },
    show: async (filter) => {
      await asFarAsCan(tracked);
      return showRun(live, filter, clock.now(), engine);
    },
    query: async (sql, { timeoutMs = QUERY_LIMITS.timeoutMs } = {}) => {
      await asFarAsCan(settle);
      const answer = await answers.answer(sql, { ...QUERY_LIMITS, timeoutMs }).catch((error: unknown) => {
        throw isLakeDamage(error) ? new Error(noteLakeDamage(dir), { cause: error }) : error;
      });
      const note = await waitingNote(live, troubles);
      return note === undefined ? answer : { ...answer, note };
    },
    dismiss: (dismissal) => dismissRejections({ store, clock, mask }, dismissal),
    parkedObjects: () => parkedObjects(live),
    retryObjects: async (objects) => {
      const found = await retryObjects({ store, live }, objects);
      history.wake();
      return found;
    },
    forgetObjects: (forgetting) => forgetObjects({ store, live, clock, mask, hash: contentHash }, forgetting),
    summary: async () => ({
      ...(await live.summary()),
      runs: live.countRuns(),
      ...(await live.countOpenRuns(clock.now())),
      troubles: troubles.list(),
      version: VERSION,
      data_dir: dir,
    }),
    rebuild: async (wanted) => {
      await asFarAsCan(settle);
      return rebuild(ports, dir, wanted);
    },
    alerts: {
      ...alertsOf({ ...alertPorts, testRoute: (route) => testRoute(sending, route, clock.now()) }),
      incidents: async (filter) => {
        await asFarAsCan(tracked);
        await alertLane?.drain();
        return alertPorts.incidents.listIncidents(filter);
      },
    },
    recovery: recoveryOf({
      ...alertPorts,
      expecting,
      start: async () => {
        if (recovery === undefined || !mayStart())
          throw new RequestRefusedError(
            'expected a ledger that is served, but this one is not: nothing would hear of the run; start it with `runledger serve`, and try again',
          );
        await recovery.wake();
      },
      ask: async (sql) => {
        await settle();
        return answers.answer(sql, QUERY_LIMITS);
      },
    }),
    settle,
    watchChanges: changes.watchChanges,
    inspect: inspector.inspect,
    close: async () => {
      closing = true;
      await inspector.close();
      await retention.close();
      await ingest.seal();
      await lane.drain();
      lane.close();
      await alertLane?.close();
      await recovery?.close();
      await ingest.close();
      await history.close();
      await live.close();
      await ports.alertStore.close();
      await ports.lake.close();
      release();
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
  mkdirSync(dir, PRIVATE_FOLDER);
}
