import { epochMsOf, type Instant } from '../core/instant.ts';
import type { Expectations } from '../core/pipelines/expectations.ts';
import { fileOwnerOf } from '../core/pipelines/file-owner.ts';
import { pipelineText } from '../core/pipelines/pipeline-key.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';

/** Whose a pipeline is now; null: it has no owner; undefined: there is no such pipeline, in the file or among the runs. */
export type OwnerOf = (pipeline: PipelineKey) => Promise<string | null | undefined>;

export interface OwnerPorts {
  /** Runs of a pipeline, the latest start first. */
  readonly runs: (filter: PipelineKey & { readonly limit: number }) => Promise<readonly OwnedRun[]>;
  /** What the file of pipelines says. */
  readonly expectations: () => Promise<Expectations>;
  readonly clock: Clock;
}

interface OwnedRun {
  readonly run_id: string | null;
  readonly owner: string | null;
  readonly start_time: Instant | null;
  readonly queued_at: Instant | null;
  readonly first_event_at: Instant | null;
}

/** A run that says no owner is passed over, but not for ever. */
const LOOKED_AT = 50;
/** A list of many runs asks of few pipelines, many times. An owner that changed counts after this. */
const KEPT_MS = 2_000;
const MOST_KEPT = 10_000;

/**
 * Tells whose a pipeline is: as the file of pipelines says, and where that does not say, as the latest run that tells an
 * owner. It is the same rule as in `sql/limited-question.ts`.
 */
export function pipelineOwners({ runs, expectations, clock }: OwnerPorts): OwnerOf {
  let file: { readonly at: number; readonly expectations: Promise<Expectations> } | undefined;
  const kept = new Map<string, { readonly at: number; readonly owner: string | null }>();
  return async ({ environment, process_name }) => {
    const now = epochMsOf(clock.now());
    const isFresh = (at: number): boolean => now >= at && now - at < KEPT_MS;
    if (file === undefined || !isFresh(file.at)) {
      file = { at: now, expectations: expectations() };
      file.expectations.catch(() => {
        file = undefined;
      });
    }
    const inFile = fileOwnerOf(await file.expectations, environment, process_name);
    if (inFile !== undefined) return inFile;
    const key = pipelineText({ environment, process_name });
    const known = kept.get(key);
    if (known !== undefined && isFresh(known.at)) return known.owner;
    const found = await runs({ environment, process_name, limit: LOOKED_AT });
    // That there is none is not kept: whoever comes first makes it theirs.
    if (found.length === 0) return undefined;
    const owner = [...found].sort(latestFirst).find((run) => run.owner !== null)?.owner ?? null;
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, { at: now, owner });
    return owner;
  };
}

const beganAt = ({ start_time, queued_at, first_event_at }: OwnedRun): string =>
  start_time ?? queued_at ?? first_event_at ?? '';

const latestFirst = (a: OwnedRun, b: OwnedRun): number =>
  beganAt(a) === beganAt(b) ? ((a.run_id ?? '') < (b.run_id ?? '') ? 1 : -1) : beganAt(a) < beganAt(b) ? 1 : -1;
