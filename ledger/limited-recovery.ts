import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { ReplayRequest } from '../core/recovery/plan-replay.ts';
import type { Recovery } from '../core/recovery/recovery.ts';
import { NoSuchRunError, RequestRefusedError } from '../core/recovery/start-request.ts';
import { NotFoundForThemError } from '../core/token/limit-errors.ts';
import type { LedgerApi } from './api.ts';
import type { Refuse } from './limited-alerts.ts';
import type { LedgerRecovery } from './recovery.ts';
import type { Theirs } from './theirs.ts';

/** What is done about failed runs of theirs, and what they ask to run again. `limited`: the ledger as they may see it. */
export function limitedRecovery(
  recovery: LedgerRecovery,
  limited: Pick<LedgerApi, 'show'>,
  theirs: Theirs,
  refuse: Refuse,
): LedgerRecovery {
  /** The request with the pipeline of the run, so that no namesake of others is meant. */
  async function ofTheirs<R extends ReplayRequest>(request: R): Promise<R> {
    const { run_id, environment, process_name } = request;
    const [found, ...others] = await limited.show({ run_id, environment, process_name });
    if (found === undefined)
      throw new NoSuchRunError(`expected a run ${run_id}, but the ledger knows none, or keeps it no longer`);
    if (others.length > 0)
      throw new RequestRefusedError(
        `expected one run ${run_id}, but ${others.length + 1} have that id; name its pipeline and environment`,
      );
    const { run } = found;
    return { ...request, environment: run.environment ?? '', process_name: run.process_name ?? '' };
  }
  const assertTheirs = async (pipeline: PipelineKey): Promise<void> => {
    if (await theirs.has(pipeline)) return;
    throw new NotFoundForThemError(
      `expected a pipeline of yours, but there is none named ${pipeline.process_name.slice(0, 80)} in ${pipeline.environment.slice(0, 80)}`,
    );
  };
  return {
    list: (filter) =>
      theirs.latest(
        (environment, limit) => recovery.list({ ...filter, environment, limit }),
        filter,
        theirs.has,
        decidedAt,
      ),
    planReplay: async (request) => {
      const plan = await recovery.planReplay(await ofTheirs(request));
      const isTheirs = (process_name: string) => theirs.has({ environment: plan.environment, process_name });
      return { ...plan, downstream: await theirs.filter(plan.downstream, isTheirs) };
    },
    replay: async (request) => recovery.replay(await ofTheirs(request)),
    start: async (request) => {
      await assertTheirs(request);
      return recovery.start(request);
    },
    // As of a pipeline that nobody knows.
    watermark: async (pipeline) => ((await theirs.has(pipeline)) ? recovery.watermark(pipeline) : {}),
    setWatermark: async (set) => {
      await assertTheirs(set);
      return recovery.setWatermark(set);
    },
    watermarkHistory: async (pipeline) => ((await theirs.has(pipeline)) ? recovery.watermarkHistory(pipeline) : []),
    restore: refuse('it builds what was decided about the runs of all again'),
  };
}

const decidedAt = ({ decisions }: Recovery): string => decisions.at(-1)?.at ?? '';
