import type { Incident } from '../core/alert/incident.ts';
import { isOpenStatus } from '../core/alert/run-course.ts';
import { errorMessage } from '../core/error-message.ts';
import type { Instant } from '../core/instant.ts';
import { upstreamNames } from '../core/pipelines/dependencies.ts';
import type { Expectations } from '../core/pipelines/expectations.ts';
import { pipelineOf, pipelineText } from '../core/pipelines/pipeline-key.ts';
import type { RunTransition } from '../core/ports/live-runs.ts';
import type { PipelineKey, Watch } from '../core/ports/pipeline-watches.ts';
import type { RunState } from '../core/run/run-view.ts';
import { type ToldRun, toldRunOf } from '../core/run/told-run.ts';
import { type EvaluatePipelinePorts, evaluatePipeline } from './evaluate-pipeline.ts';

/** What evaluating several pipelines did. */
export interface Evaluated {
  readonly pipelines: number;
  readonly changed: readonly Incident[];
  /** Pipelines with starts or successes to tell. */
  readonly news: readonly Watch[];
  /** One for each pipeline that could not be evaluated: the others were. */
  readonly failures: readonly Error[];
  /** Those pipelines, to be evaluated again. */
  readonly failed: readonly PipelineKey[];
}

/**
 * The runs that have just changed in a way that rules ask about. A sign of life alone is none; what changed of steps is
 * only where some rule asks for steps.
 */
export const changedRuns = (transitions: readonly RunTransition[], asksForSteps = true): readonly ToldRun[] =>
  transitions.flatMap(({ before, after }) => {
    if (before === after) return [];
    const told = toldRunOf(after);
    return before !== undefined && isSame(toldRunOf(before), told, asksForSteps) ? [] : [told];
  });

/** Whether some rule of the file asks for steps. */
export const asksForSteps = ({ pipelines }: Expectations): boolean =>
  pipelines.some(({ steps }) => steps !== undefined);

/** Judges the pipelines of runs that have changed, each once. */
export function evaluateChanged(
  ports: EvaluatePipelinePorts,
  runs: readonly ToldRun[],
  now: Instant,
): Promise<Evaluated> {
  const byPipeline = Map.groupBy(runs, ({ run }) => pipelineText(pipelineOf(run)));
  return evaluateAll(
    ports,
    [...byPipeline.values()].map((own) => ({ key: pipelineOf((own[0] as ToldRun).run), runs: own })),
    now,
  );
}

/** Judges the pipelines that the clock alone may have changed. Returns at once when none is due. */
export async function evaluateDue(ports: EvaluatePipelinePorts, now: Instant, limit = 500): Promise<Evaluated> {
  const due = await ports.watches.dueWatches(now, limit);
  return evaluatePipelines(ports, due, now);
}

/** Judges these pipelines, whatever has changed. */
export const evaluatePipelines = (
  ports: EvaluatePipelinePorts,
  pipelines: readonly PipelineKey[],
  now: Instant,
): Promise<Evaluated> =>
  evaluateAll(
    ports,
    pipelines.map((key) => ({ key, runs: [] })),
    now,
  );

async function evaluateAll(
  ports: EvaluatePipelinePorts,
  all: readonly { readonly key: PipelineKey; readonly runs: readonly ToldRun[] }[],
  now: Instant,
): Promise<Evaluated> {
  const changed: Incident[] = [];
  const news: Watch[] = [];
  const failures: Error[] = [];
  const failed: PipelineKey[] = [];
  // Who waits for another one is judged after it, so that its lateness finds the incident that it is part of.
  const depth = ({ key }: { readonly key: PipelineKey }) => upstreamNames(ports.expectations, key).length;
  const inOrder = all.map((each) => ({ ...each, depth: depth(each) })).sort((a, b) => a.depth - b.depth);
  for (const { key, runs } of inOrder) {
    try {
      const evaluated = await evaluatePipeline(ports, key, runs, now);
      changed.push(...evaluated.changed);
      if (evaluated.watch.news !== undefined) news.push(evaluated.watch);
    } catch (cause) {
      failed.push(key);
      failures.push(
        new Error(
          `Expected to judge the pipeline ${key.process_name} of ${key.environment}, got: ${errorMessage(cause)}.`,
          { cause },
        ),
      );
    }
  }
  return { pipelines: all.length, changed, news, failures, failed };
}

const ASKED_ABOUT = [
  'status',
  'status_conflict',
  'run_attempt',
  'queued_at',
  'start_time',
  'end_time',
  'duration_ms',
  'error_code',
  'error_retryable',
  'error_step',
  'expected_max_duration_ms',
  'scheduled_for',
  'run_mode',
  'last_event_failed',
] as const satisfies readonly (keyof RunState)[];

/** Counted by each step, and asked about once the run has ended. */
const ASKED_AT_THE_END = ['records_in', 'records_out'] as const satisfies readonly (keyof RunState)[];

function isSame(a: ToldRun, b: ToldRun, asksForSteps: boolean): boolean {
  const names = isOpenStatus(b.run.status) ? ASKED_ABOUT : [...ASKED_ABOUT, ...ASKED_AT_THE_END];
  return (
    names.every((name) => a.run[name] === b.run[name]) &&
    (!asksForSteps || stepsText(a) === stepsText(b)) &&
    JSON.stringify(a.checks) === JSON.stringify(b.checks)
  );
}

/** What limits of steps ask about. */
const stepsText = ({ steps }: ToldRun): string =>
  JSON.stringify(
    steps.map(({ step_name, map_index, status, start_time, end_time }) => [
      step_name,
      map_index,
      status,
      start_time,
      end_time,
    ]),
  );
