import type { Verdict } from '../core/alert/condition.ts';
import type { ExpectedSlot } from '../core/alert/expected-slot.ts';
import { judgeSlot } from '../core/alert/judge-slot.ts';
import { isGoodStatus, isOpenStatus } from '../core/alert/run-course.ts';
import { slotOfRun } from '../core/alert/slot-of-run.ts';
import { epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import { type Expectations, expectationFor } from '../core/pipelines/expectations.ts';
import { distinctPipelines, namedPipelines } from '../core/pipelines/pipeline-key.ts';
import type { LiveRuns } from '../core/ports/live-runs.ts';
import type { PipelineWatches } from '../core/ports/pipeline-watches.ts';
import { statusAt } from '../core/run/status-at.ts';
import { toldRunOf } from '../core/run/told-run.ts';
import { slotsOf } from '../core/schedule/schedule.ts';
import { wallTimeOf } from '../core/schedule/zone.ts';

export interface ExpectedPorts {
  readonly live: Pick<LiveRuns, 'listRuns'>;
  readonly watches: Pick<PipelineWatches, 'listWatches'>;
  readonly expectations: Expectations;
  readonly environment: string;
}

/** Runs that started earlier than this before the first slot fill none of them. */
const EARLIEST_MS = 86_400_000;
const MAX_RUNS = 1000;
const MAX_SLOTS = 1500;

/** Every slot from one moment (included) to another (not included), past or coming, by time. */
export async function expectedSlots(
  { live, watches, expectations, environment }: ExpectedPorts,
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
    const runs = (await live.listRuns({ environment, process_name, since, limit: MAX_RUNS })).map(toldRunOf);
    const bySlot = Map.groupBy(runs, ({ run }) => slotOfRun(schedule, run) ?? '');
    for (const slot of slots) {
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

function stateOf({ conditions }: Verdict, runs: number, isOpen: boolean, hasGood: boolean): ExpectedSlot['state'] {
  if (runs === 0) return conditions.some(({ reason }) => reason === 'NOT_STARTED') ? 'missed' : 'waiting';
  if (hasGood) return 'good';
  return isOpen ? 'running' : 'failed';
}
