import { isOpenStatus } from '../../core/alert/run-course.ts';
import { errorMessage } from '../../core/error-message.ts';
import { epochMsOf, type Instant } from '../../core/instant.ts';
import { type Restart, START_GRACE_MS } from '../../core/recovery/recovery.ts';
import type { ShownRun } from '../../core/run/shown-run.ts';

/** How one slot of a backfill went. */
export interface Course {
  readonly slot: Instant;
  readonly run_id: string;
  /** That of the run, or `NOT_STARTED`. */
  readonly status: string;
  readonly why?: string | undefined;
}

export interface RunAllPorts {
  readonly start: (slot: Instant) => Promise<Restart>;
  readonly runs: () => Promise<readonly ShownRun[]>;
  readonly pause: () => Promise<void>;
  readonly now: () => Instant;
  readonly isStopped: () => boolean;
  readonly onEnd: (course: Course) => void;
}

/** After so many slots that could not be started, or told nothing once they were, the rest is left alone: the target is broken. */
const MAX_REFUSED = 3;

/** Starts one run for each slot, the first first, so many at a time, and waits until they have ended. */
export async function runAll(
  slots: readonly Instant[],
  parallel: number,
  ports: RunAllPorts,
): Promise<readonly Course[]> {
  const courses: Course[] = [];
  const open = new Map<string, { readonly slot: Instant; readonly since: Instant }>();
  const left = [...slots];
  let refused = 0;
  const end = (course: Course) => {
    courses.push(course);
    ports.onEnd(course);
  };
  const mayStart = () => left.length > 0 && !ports.isStopped() && refused < MAX_REFUSED;
  while (open.size > 0 || mayStart()) {
    while (open.size < parallel && mayStart()) {
      const slot = left.shift() as Instant;
      const outcome = await ports.start(slot).catch(errorMessage);
      if (typeof outcome === 'string' || outcome.state === 'not_started') {
        refused += 1;
        const run_id = typeof outcome === 'string' ? '' : outcome.run_id;
        end({
          slot,
          run_id,
          status: 'NOT_STARTED',
          why: typeof outcome === 'string' ? outcome : 'the target refused it',
        });
      } else open.set(outcome.run_id, { slot, since: ports.now() });
    }
    if (open.size === 0) continue;
    await ports.pause();
    const known = new Map((await ports.runs()).map((run) => [run.run_id, run]));
    for (const [run_id, { slot, since }] of open) {
      const run = known.get(run_id);
      const isSilent = run === undefined && epochMsOf(ports.now()) - epochMsOf(since) > START_GRACE_MS;
      if (run === undefined ? !isSilent : isOpenStatus(run.status)) continue;
      open.delete(run_id);
      if (run === undefined) refused += 1;
      end({ slot, run_id, status: run?.status ?? 'NOT_STARTED', ...(run === undefined && { why: 'it told nothing' }) });
    }
  }
  return courses;
}
