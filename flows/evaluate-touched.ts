import type { Incident } from '../core/alert/incident.ts';
import { errorMessage } from '../core/error-message.ts';
import type { Instant } from '../core/instant.ts';
import { pipelineOf, pipelineText } from '../core/pipelines/pipeline-key.ts';
import type { RunTransition } from '../core/ports/live-runs.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import { type RunState, viewOf } from '../core/run/run-view.ts';
import { type EvaluatePipelinePorts, evaluatePipeline } from './evaluate-pipeline.ts';

/** What evaluating several pipelines did. */
export interface Evaluated {
  readonly pipelines: number;
  readonly changed: readonly Incident[];
  /** One for each pipeline that could not be evaluated: the others were. */
  readonly failures: readonly Error[];
}

/** The runs that have just changed in a way that rules ask about. A sign of life alone is none. */
export const changedRuns = (transitions: readonly RunTransition[]): readonly RunState[] =>
  transitions.flatMap(({ before, after }) => {
    if (before === after) return [];
    const { run } = viewOf(after);
    return before !== undefined && isSame(viewOf(before).run, run) ? [] : [run];
  });

/** Judges the pipelines of runs that have changed, each once. */
export function evaluateChanged(
  ports: EvaluatePipelinePorts,
  runs: readonly RunState[],
  now: Instant,
): Promise<Evaluated> {
  const byPipeline = Map.groupBy(runs, (run) => pipelineText(pipelineOf(run)));
  return evaluateAll(
    ports,
    [...byPipeline.values()].map((own) => ({ key: pipelineOf(own[0] as RunState), runs: own })),
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
  all: readonly { readonly key: PipelineKey; readonly runs: readonly RunState[] }[],
  now: Instant,
): Promise<Evaluated> {
  const changed: Incident[] = [];
  const failures: Error[] = [];
  for (const { key, runs } of all) {
    try {
      changed.push(...(await evaluatePipeline(ports, key, runs, now)));
    } catch (cause) {
      failures.push(
        new Error(
          `Expected to judge the pipeline ${key.process_name} of ${key.environment}, got: ${errorMessage(cause)}.`,
          { cause },
        ),
      );
    }
  }
  return { pipelines: all.length, changed, failures };
}

const ASKED_ABOUT = [
  'status',
  'status_conflict',
  'run_attempt',
  'queued_at',
  'start_time',
  'end_time',
  'duration_ms',
  'records_in',
  'records_out',
  'error_code',
  'error_retryable',
  'error_step',
  'expected_max_duration_ms',
  'scheduled_for',
  'run_mode',
  'last_event_failed',
] as const satisfies readonly (keyof RunState)[];

const isSame = (a: RunState, b: RunState): boolean => ASKED_ABOUT.every((name) => a[name] === b[name]);
