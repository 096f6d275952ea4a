import { errorMessage } from '../core/error-message.ts';
import type { Instant } from '../core/instant.ts';
import type { Expectations } from '../core/pipelines/expectations.ts';
import { pipelineOf } from '../core/pipelines/pipeline-key.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import { failedAtOf } from '../core/recovery/decide-recovery.ts';
import { statusAt } from '../core/run/status-at.ts';
import type { ToldRun } from '../core/run/told-run.ts';
import { type RecoverPorts, recoverTouched } from './recover.ts';
import { decideStops } from './stop-runaways.ts';

export interface DecideRecoveriesPorts extends Pick<RecoverPorts, 'live'> {
  /** Undefined: this ledger starts nothing. */
  readonly recoveries?: RecoveryStore | undefined;
}

/** What deciding did. */
export interface DecidedRecoveries {
  /** Recoveries that changed: whoever carries them out has to be called. */
  readonly changed: number;
  readonly failures: readonly Error[];
}

const NOTHING: DecidedRecoveries = { changed: 0, failures: [] };

/**
 * Decides on failed runs, and on runs of these pipelines that run for too long, where somebody else carries decisions out.
 * To be called before the pipelines are judged, so that nobody is told of what is tried again. Reads nothing where the file
 * starts and stops nothing. Never rejects: what cannot be decided on is judged as it is.
 */
export async function decideRecoveries(
  { live, recoveries }: DecideRecoveriesPorts,
  expectations: Expectations,
  runs: readonly ToldRun[],
  pipelines: readonly PipelineKey[],
  now: Instant,
): Promise<DecidedRecoveries> {
  if (recoveries === undefined || !startsOrStops(expectations)) return NOTHING;
  const ports = { live, recoveries, expectations };
  const failures: Error[] = [];
  let changed = 0;
  const decide = async (what: string, work: () => Promise<number>): Promise<void> => {
    try {
      changed += await work();
    } catch (cause) {
      failures.push(new Error(`Expected to decide on ${what}, got: ${errorMessage(cause)}`, { cause }));
    }
  };
  await decide('failed runs', async () =>
    recoverTouched(ports, await toBeDecidedOn(recoveries, runs, now), pipelines, now),
  );
  for (const pipeline of pipelines)
    await decide(`runs of ${pipeline.process_name} that run for too long`, async () => {
      const { stops } = await decideStops(ports, pipeline, now);
      return stops.length;
    });
  return { changed, failures };
}

/**
 * Runs that failed, and those that the ledger has started, which it waits to hear of. All others leave everything as it was
 * decided, and to decide, hundreds of runs of their pipeline are read.
 */
async function toBeDecidedOn(
  recoveries: RecoveryStore,
  runs: readonly ToldRun[],
  now: Instant,
): Promise<readonly ToldRun[]> {
  const found: ToldRun[] = [];
  for (const told of runs) {
    const { run } = told;
    const hasFailed = failedAtOf(run, statusAt(run, now)) !== undefined;
    if (hasFailed || (await recoveries.recoveryOfRun(pipelineOf(run), run.run_id ?? '')) !== undefined)
      found.push(told);
  }
  return found;
}

/** Whether the file lets the ledger start or stop runs at all. */
export const startsOrStops = ({ pipelines, otherwise }: Expectations): boolean =>
  [...pipelines, otherwise].some(({ restart, kill_after }) => restart !== undefined || kill_after !== undefined);
