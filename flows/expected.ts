import type { Verdict } from '../core/alert/condition.ts';
import type { ExpectedSlot } from '../core/alert/expected-slot.ts';
import { judgeSlot } from '../core/alert/judge-slot.ts';
import { beginningOf, isGoodStatus, isOpenStatus } from '../core/alert/run-course.ts';
import { slotOfRun } from '../core/alert/slot-of-run.ts';
import { epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import { type Expectation, type Expectations, expectationFor } from '../core/pipelines/expectations.ts';
import { distinctPipelines, namedPipelines, pipelineOf } from '../core/pipelines/pipeline-key.ts';
import type { LiveRuns } from '../core/ports/live-runs.ts';
import type { PipelineKey, PipelineWatches } from '../core/ports/pipeline-watches.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import { asStarted } from '../core/recovery/as-started.ts';
import type { Recovery } from '../core/recovery/recovery.ts';
import { statusAt } from '../core/run/status-at.ts';
import { type ToldRun, toldRunOf } from '../core/run/told-run.ts';
import { slotsOf } from '../core/schedule/schedule.ts';
import { wallTimeOf } from '../core/schedule/zone.ts';

export interface ExpectedPorts {
  readonly live: Pick<LiveRuns, 'listRuns'>;
  readonly watches: Pick<PipelineWatches, 'listWatches'>;
  /** What the ledger started; undefined: nothing. */
  readonly recoveries?: Pick<RecoveryStore, 'listRecoveries'> | undefined;
  readonly expectations: Expectations;
  readonly environment: string;
}

/** Runs that started earlier than this before the first slot fill none of them. */
const EARLIEST_MS = 86_400_000;
const MAX_RUNS = 20_000;
const FEW_RUNS = 1_000;
const MAX_SLOTS = 1500;

/**
 * Every slot from one moment (included) to another (not included), past or coming, by time. Of a pipeline with more than
 * 20,000 runs since then, slots before the oldest of the latest 20,000 are left out: nobody has looked for their runs.
 */
export async function expectedSlots(
  { live, watches, recoveries, expectations, environment }: ExpectedPorts,
  from: Instant,
  until: Instant,
  now: Instant,
): Promise<readonly ExpectedSlot[]> {
  const known = distinctPipelines([...namedPipelines(expectations, environment), ...(await watches.listWatches())]);
  const found: ExpectedSlot[] = [];
  for (const { environment, process_name } of known) {
    const expectation = expectationFor(expectations, environment, process_name);
    if (expectation.schedule === undefined || expectation.paused) continue;
    const schedule = slotsOf(expectation.schedule);
    const slots = schedule.between(from, until, MAX_SLOTS);
    if (slots.length === 0) continue;
    const since = instantOf(epochMsOf(from) - EARLIEST_MS);
    const { known: told, knownSince } = await runsSince(live, { environment, process_name }, since);
    const runs = recoveries === undefined ? told : asStarted(told, await startsOf(recoveries, expectation, told));
    const bySlot = Map.groupBy(runs, ({ run }) => slotOfRun(schedule, run) ?? '');
    for (const slot of slots.filter((each) => each >= knownSince)) {
      const own = bySlot.get(slot) ?? [];
      const verdict = judgeSlot(expectation, slot, own, { now });
      const isOpen = own.some(({ run }) => isOpenStatus(statusAt(run, now)));
      found.push({
        environment,
        process_name,
        slot,
        local_time: wallTimeOf(slot, expectation.schedule.timezone),
        timezone: expectation.schedule.timezone,
        state: stateOf(
          verdict,
          own.length,
          isOpen,
          own.some(({ run }) => isGoodStatus(run.status)),
        ),
        reasons: [...new Set(verdict.conditions.map(({ reason }) => reason))],
        run_ids: own.flatMap(({ run }) => run.run_id ?? []),
      });
    }
  }
  return found.sort((a, b) => (a.slot < b.slot ? -1 : a.slot > b.slot ? 1 : a.process_name < b.process_name ? -1 : 1));
}

/** All runs of a pipeline since a moment, as far as they can be read, and since when they are all there. */
async function runsSince(
  live: ExpectedPorts['live'],
  pipeline: PipelineKey,
  since: Instant,
): Promise<{ readonly known: readonly ToldRun[]; readonly knownSince: Instant }> {
  const few = await live.listRuns({ ...pipeline, since, limit: FEW_RUNS });
  const found = few.length < FEW_RUNS ? few : await live.listRuns({ ...pipeline, since, limit: MAX_RUNS });
  const known = found.map(toldRunOf);
  const isAll = found.length < MAX_RUNS;
  return { known, knownSince: isAll ? '' : (known.map(({ run }) => beginningOf(run) ?? '').sort()[0] ?? '') };
}

/** What the ledger started of a pipeline, where the file lets it start anything. */
const startsOf = async (
  recoveries: Pick<RecoveryStore, 'listRecoveries'>,
  { restart }: Expectation,
  told: readonly ToldRun[],
): Promise<readonly Recovery[]> => {
  const [first] = told;
  if (restart === undefined || first === undefined) return [];
  return recoveries.listRecoveries({ ...pipelineOf(first.run), limit: told.length });
};

function stateOf({ conditions }: Verdict, runs: number, isOpen: boolean, hasGood: boolean): ExpectedSlot['state'] {
  if (runs === 0) return conditions.some(({ reason }) => reason === 'NOT_STARTED') ? 'missed' : 'waiting';
  if (hasGood) return 'good';
  return isOpen ? 'running' : 'failed';
}
