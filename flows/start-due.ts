import { isGoodStatus, isOpenStatus } from '../core/alert/run-course.ts';
import { counted } from '../core/format.ts';
import { epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import { pipelineText } from '../core/pipelines/pipeline-key.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { Restarter } from '../core/ports/restarter.ts';
import { claimed, postponed, withdrawn, withLostClaims, withOutcome } from '../core/recovery/change-recovery.ts';
import { type RecoveryKey, type Restart, recoveryText } from '../core/recovery/recovery.ts';
import { statusAt } from '../core/run/status-at.ts';
import { knownOf, openRunIds, type PipelineRecovery, type RecoverPorts, recoverPipeline } from './recover.ts';

export interface StartDuePorts extends RecoverPorts {
  readonly restarter: Restarter;
}

/** What became of the starts that were due. */
export interface StartedDue {
  readonly started: number;
  /** Pipelines whose incidents may say something else now. */
  readonly pipelines: readonly PipelineKey[];
}

const MAX_DUE = 200;
/** Starts in one call: after a storm the rest waits for the next one. */
const MAX_STARTS = 20;
const POSTPONED_MS = 30_000;

/**
 * Carries out the starts that are due, each claimed before it is carried out, so that a crash between the two loses a start
 * and never doubles one. What need not be any more is withdrawn; claims without an effect are reported. `asked`: those that
 * are looked at first, whether or not the store lists them as due already.
 */
export async function startDue(
  ports: StartDuePorts,
  now: Instant,
  asked: readonly RecoveryKey[] = [],
): Promise<StartedDue> {
  const { recoveries } = ports;
  const touched = new Map<string, PipelineKey>();
  let started = 0;
  const all = new Map(
    [...asked, ...(await recoveries.dueRecoveries(now, MAX_DUE))].map((key) => [recoveryText(key), key]),
  );
  for (const due of all.values()) {
    if (started >= MAX_STARTS) break;
    const { environment, process_name } = due;
    touched.set(pipelineText(due), { environment, process_name });
    // Notes which have been heard of, and decides on what waited.
    await recoverPipeline(ports, due, [], now);
    const current = await recoveries.changeRecovery(due, (stored) => stored && withLostClaims(stored, now));
    for (const restart of current?.restarts ?? []) {
      if (restart.state !== 'planned' || restart.due_at > now || started >= MAX_STARTS) continue;
      if (await startOne(ports, due, restart, now)) started += 1;
    }
  }
  return { started, pipelines: [...touched.values()] };
}

async function startOne(ports: StartDuePorts, key: RecoveryKey, restart: Restart, now: Instant): Promise<boolean> {
  const { recoveries, restarter } = ports;
  const { environment, process_name } = key;
  const known = await knownOf(ports, key);
  const needless = restart.who === undefined ? needlessBecause(known, key.slot, now) : undefined;
  const openIds = openRunIds(known, now);
  openIds.delete(restart.run_id);
  const { concurrency, restart: target } = known.policy;
  const isFull = restart.who === undefined && concurrency !== undefined && openIds.size >= concurrency;
  let mine = false;
  await recoveries.changeRecovery(key, (stored) => {
    mine = false;
    const own = stored?.restarts.find(({ run_id }) => run_id === restart.run_id);
    if (stored === undefined || own?.state !== 'planned' || own.due_at > now) return stored;
    if (target === undefined)
      return withdrawn(stored, own, 'NOT_ALLOWED', 'the file names no restart target any more', now);
    if (needless !== undefined) return withdrawn(stored, own, ...needless, now);
    if (isFull) {
      const until = instantOf(epochMsOf(now) + POSTPONED_MS);
      return postponed(
        stored,
        own,
        until,
        `${counted(openIds.size, 'run')} of the pipeline open, at most ${concurrency} may be`,
        now,
      );
    }
    const next = claimed(stored, own.run_id, now);
    mine = next !== undefined;
    return next ?? stored;
  });
  if (!mine || target === undefined) return false;
  const outcome = await restarter.start({ target, environment, process_name, run: restart });
  await recoveries.changeRecovery(key, (stored) => {
    // Its run may have told of itself already.
    const own = stored?.restarts.find(({ run_id }) => run_id === restart.run_id);
    return stored === undefined || own === undefined ? stored : withOutcome(stored, own, outcome, now);
  });
  return true;
}

/** Why a start that the ledger decided on is not needed any more; undefined: it is. */
function needlessBecause(
  { policy, runs, slotOf }: PipelineRecovery,
  slot: string,
  now: Instant,
): readonly ['NOT_ALLOWED' | 'PAUSED' | 'DRY_RUN' | 'SLOT_GOOD' | 'OTHER_RUN', string] | undefined {
  if (policy.retry === undefined) return ['NOT_ALLOWED', 'the file does not allow it any more'];
  if (policy.paused) return ['PAUSED', 'its pipeline is paused'];
  if (policy.dry_run) return ['DRY_RUN', 'only a dry run'];
  const own = runs.filter(({ run }) => slotOf(run) === slot).map(({ run }) => run);
  const good = own.find(({ status }) => isGoodStatus(status));
  if (good !== undefined) return ['SLOT_GOOD', `${good.run_id} of the same slot is good meanwhile`];
  const open = own.find((run) => isOpenStatus(statusAt(run, now)));
  return open === undefined ? undefined : ['OTHER_RUN', `${open.run_id} of the same slot is under way meanwhile`];
}
