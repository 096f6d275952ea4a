import { asksForBaseline, baselineWith } from '../core/alert/baseline.ts';
import type { Condition } from '../core/alert/condition.ts';
import { heldUntil, holdingUp, type Incident, judged, type Subject, subjectOf } from '../core/alert/incident.ts';
import {
  isLate,
  judgeDue,
  judgedUntil,
  latest,
  nextStartBy,
  type PipelineCase,
  type SlotVerdict,
} from '../core/alert/judge-due.ts';
import { isGoodStatus, isOpenStatus } from '../core/alert/run-course.ts';
import { newsWith } from '../core/alert/run-news.ts';
import { slotFinder } from '../core/alert/slot-of-run.ts';
import { epochMsOf, type Instant } from '../core/instant.ts';
import { upstreamNames } from '../core/pipelines/dependencies.ts';
import { type Expectation, type Expectations, expectationFor } from '../core/pipelines/expectations.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { LiveRuns } from '../core/ports/live-runs.ts';
import type { PipelineKey, PipelineWatches, Watch } from '../core/ports/pipeline-watches.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import { asStarted } from '../core/recovery/as-started.ts';
import { nextLooks } from '../core/recovery/next-look.ts';
import { policyOf } from '../core/recovery/policy.ts';
import type { Recovery } from '../core/recovery/recovery.ts';
import { standingsOf } from '../core/recovery/standing.ts';
import { pathId } from '../core/run/path-id.ts';
import { statusAt } from '../core/run/status-at.ts';
import { type ToldRun, toldRunOf } from '../core/run/told-run.ts';
import { slotsOf } from '../core/schedule/schedule.ts';

/** What evaluating reads and writes. */
export interface EvaluatePipelinePorts {
  readonly live: Pick<LiveRuns, 'listRuns'>;
  readonly incidents: IncidentStore;
  readonly watches: PipelineWatches;
  /** What was decided about failed runs; undefined: this ledger starts none. */
  readonly recoveries?: Pick<RecoveryStore, 'listRecoveries'> | undefined;
  /** As the file says now. */
  readonly expectations: Expectations;
}

/** What evaluating one pipeline did. */
export interface EvaluatedPipeline {
  /** The incidents that it changed. */
  readonly changed: readonly Incident[];
  readonly watch: Watch;
}

/** Runs of one pipeline that are read to judge it; more only where a rule asks for its history. */
const FEW_RUNS = 30;
const HISTORY_RUNS = 300;
const MAX_OPEN = 1000;
/** The latest incidents of a pipeline upstream: an open one is among them. */
const UPSTREAM_INCIDENTS = 20;

/**
 * Judges one pipeline at a moment: the slots of the runs that have just changed, the slots whose time has come, what has
 * an incident, and the pipeline as a whole. Changes its incidents, and plans when to look again. Repeating it changes
 * nothing; of two at once each incident opens once.
 */
export async function evaluatePipeline(
  ports: EvaluatePipelinePorts,
  { environment, process_name }: PipelineKey,
  given: readonly ToldRun[],
  now: Instant,
): Promise<EvaluatedPipeline> {
  const { incidents, watches, expectations } = ports;
  const pipeline: PipelineKey = { environment, process_name };
  const expectation = expectationFor(expectations, environment, process_name);
  // Made once: making them reads the cron expression.
  const slots = expectation.schedule && slotsOf(expectation.schedule);
  const slotOf = slotFinder(slots);
  const schedule = expectation.schedule && pathId(JSON.stringify(expectation.schedule));
  const found = await watches.changeWatch(
    pipeline,
    (known) => known ?? { ...pipeline, since: now, judged_until: now, schedule },
  );
  const stored = found.schedule === schedule ? found : { ...found, schedule, judged_until: now };
  const open = await incidents.listIncidents({ environment, process_name, open: true, limit: MAX_OPEN });
  const recoveries = await recoveriesOf(ports.recoveries, pipeline, expectation, given.length);
  const touched = asStarted(given, recoveries ?? []);
  const isAlone = found.since !== now && open.length === 0 && standAlone(expectation, touched, stored, now);
  const runs = isAlone
    ? touched
    : asStarted(await runsOf(ports.live, pipeline, expectation, given, stored), recoveries ?? []);
  /** A watch with what these runs tell: what comes between, by another evaluator, is kept. */
  const learnt = (watch: Watch): Watch => {
    const states = runs.map(({ run }) => run);
    const baseline = asksForBaseline(expectation)
      ? baselineWith(watch.baseline ?? {}, states, expectation, slotOf)
      : undefined;
    const good = states.filter(({ status }) => isGoodStatus(status)).map(({ end_time }) => end_time);
    const last_good_at = expectation.freshness === undefined ? undefined : latest([watch.last_good_at, ...good]);
    return { ...watch, schedule, baseline, last_good_at };
  };

  const standings = recoveries && standingsOf(recoveries);
  const known: PipelineCase = {
    ...{ expectation, slots, slotOf, watch: learnt(stored), runs, open, upstream: [], standings, now },
  };
  const own = judgeDue(known);
  const verdicts =
    expectation.depends_on === undefined || !isLate(own)
      ? own
      : judgeDue({ ...known, upstream: await upstreamIncidents(ports, pipeline) });

  const changed: Incident[] = [];
  const checks: (Instant | undefined)[] = [
    nextStartBy(known),
    ...(recoveries === undefined ? [] : nextLooks(runs, policyOf(expectation), recoveries, now)),
  ];
  const mayChange = new Set([
    ...open.map(({ slot }) => slot),
    // The list of open ones may lag behind: what these runs mend is looked up.
    ...touched.map(({ run }) => (slots === undefined ? `run ${run.run_id}` : (slotOf(run) ?? ''))),
    ...(expectation.freshness === undefined ? [] : ['STALE']),
    ...(expectation.failure_rate === undefined ? [] : ['FAILURE_RATE']),
  ]);
  for (const [slot, verdict] of verdicts) {
    if (verdict.conditions.length === 0 && !mayChange.has(slot)) {
      checks.push(verdict.next_check);
      continue;
    }
    const subject: Subject = { environment, process_name, slot };
    const timely = { ...verdict, conditions: verdict.conditions.filter((each) => isTimely(expectation, each, now)) };
    let before: Incident | undefined;
    const after = await incidents.changeIncident(subject, (found) => {
      before = found;
      return judged(found, subject, timely, { now, holdMs: expectation.hold });
    });
    if (after !== undefined && after !== before) changed.push(after);
    checks.push(verdict.next_check, after && heldUntil(after, expectation.hold));
  }
  await noteHeldUp(incidents, pipeline, verdicts);

  const judged_until = judgedUntil(known, verdicts);
  const states = touched.map(({ run }) => run);
  const watch = await watches.changeWatch(pipeline, (latestStored) => {
    const current = latestStored ?? stored;
    // What another evaluator planned meanwhile, or for runs that were not read here, stays planned.
    const planned = current.schedule === schedule ? current.next_check : undefined;
    const next_check = [...checks, planned].filter((at): at is Instant => at !== undefined && at > now).sort()[0];
    const news = newsWith(current.news ?? [], states, expectation, now);
    const next: Watch = defined({
      ...learnt(current),
      judged_until,
      next_check: news.length > 0 ? now : next_check,
      news: news.length > 0 ? news : undefined,
    });
    return isSameWatch(current, next) ? current : next;
  });
  return { changed, watch };
}

/** Old troubles come to light when events are loaded later, sent again, or delivered late: they page nobody. */
const isTimely = ({ backfill_after }: Expectation, { occurred_at }: Condition, now: Instant): boolean =>
  occurred_at !== '' && epochMsOf(now) - epochMsOf(occurred_at) <= backfill_after;

/**
 * Whether runs that have changed can be judged without the others of their pipeline: nothing is wrong, and nothing depends
 * on when another one ran. This is nearly every run, and what it costs on AWS is mostly reads.
 */
const standAlone = (
  expectation: Expectation,
  touched: readonly ToldRun[],
  { last_good_at }: Watch,
  now: Instant,
): boolean =>
  touched.length > 0 &&
  touched.every(({ run }) => isGoodStatus(run.status) || isOpenStatus(statusAt(run, now))) &&
  expectation.schedule === undefined &&
  expectation.failure_rate === undefined &&
  !asksForBaseline(expectation) &&
  (expectation.freshness === undefined || last_good_at !== undefined);

async function runsOf(
  live: Pick<LiveRuns, 'listRuns'>,
  { environment, process_name }: PipelineKey,
  expectation: Expectation,
  touched: readonly ToldRun[],
  { baseline }: Watch,
): Promise<readonly ToldRun[]> {
  const isNew = asksForBaseline(expectation) && baseline === undefined;
  const limit = expectation.failure_rate === undefined && !isNew ? FEW_RUNS : HISTORY_RUNS;
  const latestRuns = await live.listRuns({ environment, process_name, limit });
  const byId = new Map(touched.map((told) => [told.run.run_id, told]));
  for (const run of latestRuns) byId.set(run.run_id, toldRunOf(run));
  return [...byId.values()];
}

/** The latest decided, beside those of the runs that have just changed. */
const MAX_RECOVERIES = 300;

/** What the ledger does about the runs of this pipeline; undefined where the file lets it start and stop nothing. */
async function recoveriesOf(
  recoveries: EvaluatePipelinePorts['recoveries'],
  { environment, process_name }: PipelineKey,
  { restart, retry, kill_after }: Expectation,
  touched: number,
): Promise<readonly Recovery[] | undefined> {
  const isAllowed = restart !== undefined || retry?.by === 'ledger' || kill_after !== undefined;
  if (recoveries === undefined || !isAllowed) return undefined;
  return recoveries.listRecoveries({ environment, process_name, limit: MAX_RECOVERIES + touched });
}

async function upstreamIncidents(
  { incidents, expectations }: EvaluatePipelinePorts,
  pipeline: PipelineKey,
): Promise<readonly Incident[]> {
  const { environment } = pipeline;
  const found: Incident[] = [];
  for (const process_name of upstreamNames(expectations, pipeline))
    found.push(...(await incidents.listIncidents({ environment, process_name, limit: UPSTREAM_INCIDENTS })));
  return found;
}

/** What is late because of an incident upstream is noted with that. */
async function noteHeldUp(
  incidents: IncidentStore,
  { process_name }: PipelineKey,
  verdicts: readonly SlotVerdict[],
): Promise<void> {
  for (const [slot, { held_up_by }] of verdicts) {
    const subject = held_up_by === undefined ? undefined : subjectOf(held_up_by);
    if (subject === undefined) continue;
    await incidents.changeIncident(subject, (stored) =>
      stored?.id === held_up_by ? holdingUp(stored as Incident, `${process_name} ${slot}`) : stored,
    );
  }
}

/** Without what is undefined: a store keeps JSON. */
const defined = (watch: Watch): Watch =>
  Object.fromEntries(Object.entries(watch).filter(([, value]) => value !== undefined)) as unknown as Watch;

/** Whether there is nothing to write. */
function isSameWatch(a: Watch, b: Watch): boolean {
  const cells = (watch: Watch) => JSON.stringify(Object.entries(watch).sort(([x], [y]) => (x < y ? -1 : 1)));
  return cells(a) === cells(b);
}
