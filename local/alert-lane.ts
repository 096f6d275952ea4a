import { readFileSync, statSync } from 'node:fs';
import type { LedgerHealth } from '../core/alert/judge-ledger.ts';
import { errorMessage } from '../core/error-message.ts';
import { counted } from '../core/format.ts';
import { epochMsOf } from '../core/instant.ts';
import { distinctPipelines, namedPipelines, pipelineOf, pipelineText } from '../core/pipelines/pipeline-key.ts';
import { problemShown } from '../core/pipelines/problem.ts';
import type { RunTransition } from '../core/ports/live-runs.ts';
import type { PipelineKey, Watch } from '../core/ports/pipeline-watches.ts';
import { runKeyOf } from '../core/run/run.ts';
import { viewOf } from '../core/run/run-view.ts';
import type { ToldRun } from '../core/run/told-run.ts';
import { type AlertSendingPorts, alertSending } from '../flows/alert-sending.ts';
import { expectationsIn, holdingPipelines } from '../flows/applied-pipelines.ts';
import { type ApplyPorts, applyPipelines } from '../flows/apply-pipelines.ts';
import { evaluateLedger } from '../flows/evaluate-ledger.ts';
import { changedRuns, evaluateChanged, evaluateDue, evaluatePipelines } from '../flows/evaluate-touched.ts';
import { recordSlots } from '../flows/record-slots.ts';
import { sendNews, sendNotices } from '../flows/send-notices.ts';
import type { RecoveryLane } from './recovery-lane.ts';
import type { Troubles } from './troubles.ts';

export interface AlertLanePorts extends ApplyPorts {
  readonly clock: { now(): string };
  /** How the ledger itself is. */
  readonly health: () => Promise<LedgerHealth>;
  readonly sending: AlertSendingPorts;
  /** Sends a sign of life to the address that a reference to a secret names. */
  readonly beat: (reference: string) => Promise<void>;
  /** Decides on failed runs before their pipelines are judged, so that nobody is told of what is tried again. */
  readonly recovery?: Pick<RecoveryLane, 'decide'> | undefined;
}

export interface AlertLane {
  /** Runs have changed: their pipelines are judged, at once when few runs come, together when many do. */
  touched(transitions: readonly RunTransition[]): void;
  /** Something that is no run has changed what is said of these pipelines. */
  touchedPipelines(pipelines: readonly PipelineKey[]): void;
  /** Everything that was touched is judged, and told. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

const TICK_MS = 15_000;
/** How often slots are written to where the tables read them. */
const RECORD_SLOTS_MS = 3_600_000;
/** Runs whose pipelines are judged at the start: they may have come while nobody judged them. */
const LATEST_RUNS = 1_000;
const MAX_DUE = 500;
/**
 * After the lane has judged changed runs it rests for this many times as long as that took: a pipeline whose runs come by
 * the hundred is judged once for all of them, and events are accepted meanwhile.
 */
const REST = 9;
/** However long it took: what fails next is not left alone for minutes. */
const MAX_REST_MS = 10_000;

/**
 * Judges pipelines as their runs change and as time passes, and tells people. `file` is looked at at each tick: when it
 * has changed it is applied; one with a problem changes nothing, and is told of once.
 */
export function startAlertLane(
  ports: AlertLanePorts,
  file: string | undefined,
  troubles: Troubles,
  onNotice: (text: string) => void,
): AlertLane {
  let last: Promise<void> = Promise.resolve();
  let seen = '';
  /** Changed runs that wait to be judged, each as it is now. */
  const changed = new Map<string, ToldRun>();
  const pipelinesTouched = new Map<string, PipelineKey>();
  let timer: NodeJS.Timeout | undefined;
  let restUntil = 0;
  let slotsRecordedMs = 0;
  let beatMs = 0;
  /** Pipelines whose runs have changed, and that could not be judged since: tried again at each tick. */
  const owed = new Map<string, PipelineKey>();
  const settle = (judged: readonly PipelineKey[], failed: readonly PipelineKey[]): void => {
    for (const key of judged) owed.delete(pipelineText(key));
    for (const key of failed) owed.set(pipelineText(key), key);
  };

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).then(
      () => troubles.end('alerts'),
      (error: unknown) => troubles.begin('alerts', error),
    );
    return last;
  };
  const expecting = async () => ({ ...ports, expectations: expectationsIn(await holdingPipelines(ports)) });
  const tell = async (news: readonly Watch[]): Promise<void> => {
    const sending = await alertSending(ports.sending);
    const { errors } = await sendNotices(sending);
    const ofNews = news.length === 0 ? [] : (await sendNews({ ...sending, watches: ports.watches }, news)).errors;
    const [first] = [...errors, ...ofNews];
    if (first !== undefined) throw new Error(first);
  };

  async function applyChanged(): Promise<void> {
    if (file === undefined) return;
    const version = versionOf(file);
    if (version === seen) return;
    seen = version;
    if (version === '') return;
    const { problems, watched } = await applyPipelines(ports, readFileSync(file, 'utf8'), ports.clock.now());
    if (problems.length === 0) slotsRecordedMs = 0;
    if (problems.length === 0) return onNotice(`${file} holds; watched: ${counted(watched.length, 'pipeline')}`);
    onNotice(`${file} changes nothing:\n${problems.map((problem) => `  ${problemShown(file, problem)}`).join('\n')}`);
  }

  async function tick(): Promise<void> {
    await applyChanged();
    const again = [...owed.values()];
    const now = ports.clock.now();
    const dueNow = ports.recovery === undefined ? [] : await ports.watches.dueWatches(now, MAX_DUE);
    await ports.recovery?.decide([], [...again, ...dueNow], now);
    const late = await evaluatePipelines(await expecting(), again, now);
    settle(again, late.failed);
    const due = await evaluateDue(await expecting(), now, MAX_DUE);
    const [failures, news] = [
      [...late.failures, ...due.failures],
      [...late.news, ...due.news],
    ];
    await evaluateLedger(ports.incidents, ports.environment, await ports.health(), ports.clock.now());
    await tell(news);
    const nowMs = epochMsOf(ports.clock.now());
    if (nowMs - slotsRecordedMs >= RECORD_SLOTS_MS) {
      await recordSlots(await expecting(), ports.clock.now());
      slotsRecordedMs = nowMs;
    }
    if (failures[0] !== undefined) throw failures[0];
    const { heartbeat } = (await expecting()).expectations;
    if (heartbeat === undefined || nowMs - beatMs < heartbeat.every) return;
    beatMs = nowMs;
    await ports.beat(heartbeat.url);
  }

  function planJudging(): void {
    if (timer !== undefined || (changed.size === 0 && pipelinesTouched.size === 0)) return;
    timer = setTimeout(
      () =>
        void inTurn(judgeChanged).then(() => {
          timer = undefined;
          planJudging();
        }),
      Math.max(0, restUntil - performance.now()),
    );
  }

  async function judgeChanged(): Promise<void> {
    if (changed.size === 0 && pipelinesTouched.size === 0) return;
    const also = [...pipelinesTouched.values()];
    pipelinesTouched.clear();
    const runs = [...changed.values()];
    changed.clear();
    const ofRuns = distinctPipelines(runs.map(({ run }) => pipelineOf(run)));
    const pipelines = distinctPipelines([...ofRuns, ...also]);
    settle([], pipelines);
    const startedAt = performance.now();
    // Judged at the moment of the decision: what the clock changes between the two would be decided on by nobody.
    const now = ports.clock.now();
    await ports.recovery?.decide(runs, also, now);
    const evaluating = await expecting();
    const known = new Set(ofRuns.map(pipelineText));
    const others = also.filter((key) => !known.has(pipelineText(key)));
    const ofOthers = await evaluatePipelines(evaluating, others, now);
    const evaluated = await evaluateChanged(evaluating, runs, now);
    const failures = [...evaluated.failures, ...ofOthers.failures];
    const failed = [...evaluated.failed, ...ofOthers.failed];
    const news = [...evaluated.news, ...ofOthers.news];
    const incidents = [...evaluated.changed, ...ofOthers.changed];
    settle(pipelines, failed);
    const endedAt = performance.now();
    restUntil = endedAt + Math.min(MAX_REST_MS, (endedAt - startedAt) * REST);
    if (incidents.length + news.length > 0) await tell(news);
    if (failures[0] !== undefined) throw failures[0];
  }

  /** While the ledger was not running, anything may have become due or late. */
  async function catchUp(): Promise<void> {
    const now = ports.clock.now();
    const evaluating = await expecting();
    const latest = (await ports.live.listRuns({ limit: LATEST_RUNS })).map((run) => pipelineOf(viewOf(run).run));
    const named = namedPipelines(evaluating.expectations, ports.environment);
    const known = distinctPipelines([...(await ports.watches.listWatches()), ...named, ...latest]);
    await ports.recovery?.decide([], known, now);
    const { failures } = await evaluatePipelines(evaluating, known, now);
    if (failures[0] !== undefined) throw failures[0];
  }

  void inTurn(catchUp);
  void inTurn(tick);
  const clock = setInterval(() => void inTurn(tick), TICK_MS);
  clock.unref();

  return {
    touched: (transitions) => {
      for (const told of changedRuns(transitions)) changed.set(runKeyOf(told.run), told);
      planJudging();
    },
    touchedPipelines: (pipelines) => {
      for (const key of pipelines) pipelinesTouched.set(pipelineText(key), key);
      planJudging();
    },
    drain: async () => {
      await inTurn(judgeChanged);
      await inTurn(tick);
    },
    close: async () => {
      clearInterval(clock);
      clearTimeout(timer);
      await inTurn(judgeChanged);
    },
  };
}

/** What tells one state of the file from the next; empty when there is none. */
function versionOf(file: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return `${ino} ${mtimeMs} ${size}`;
  } catch (error) {
    if (/ENOENT/.test(errorMessage(error))) return '';
    throw error;
  }
}
