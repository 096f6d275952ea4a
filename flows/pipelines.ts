import * as z from 'zod';
import type { Instant } from '../core/instant.ts';
import { PIPELINES_KEY } from '../core/object-keys.ts';
import type { Applied, AppliedPipelines } from '../core/pipelines/applied.ts';
import { type Expectations, NOTHING_EXPECTED } from '../core/pipelines/expectations.ts';
import { distinctPipelines, namedPipelines } from '../core/pipelines/pipeline-key.ts';
import { readPipelines } from '../core/pipelines/read-pipelines.ts';
import type { Holidays } from '../core/ports/holidays.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { type EvaluatePipelinePorts, evaluatePipeline } from './evaluate-pipeline.ts';
import { storedJson } from './stored-json.ts';

const appliedSchema = z.object({
  applied_at: z.string(),
  text: z.string(),
  expectations: z.custom<Expectations>(
    (value) => typeof value === 'object' && value !== null && 'pipelines' in value && 'otherwise' in value,
  ),
});

/** The file that was applied last; undefined when none was. Throws when the store cannot be reached, or holds something else. */
export const appliedPipelines = (store: Pick<ObjectStore, 'get'>): Promise<AppliedPipelines | undefined> =>
  storedJson(store, PIPELINES_KEY, appliedSchema);

/** The file that holds, as it was read last. */
export interface RememberedPipelines {
  read(): Promise<AppliedPipelines | undefined>;
  /** Another one may hold now. */
  forget(): void;
}

/** Remembers the file that was applied last until another is: for a ledger to which one process writes. */
export function rememberPipelines(store: Pick<ObjectStore, 'get'>): RememberedPipelines {
  let known: Promise<AppliedPipelines | undefined> | undefined;
  const forget = () => {
    known = undefined;
  };
  return {
    read() {
      known ??= appliedPipelines(store);
      known.catch(forget);
      return known;
    },
    forget,
  };
}

/** The file that holds: as it is remembered, else as the store has it. */
export const holdingPipelines = ({
  store,
  remembered,
}: {
  readonly store: Pick<ObjectStore, 'get'>;
  readonly remembered?: RememberedPipelines | undefined;
}): Promise<AppliedPipelines | undefined> => remembered?.read() ?? appliedPipelines(store);

/** What the applied file expects; of a ledger without one, nothing but what runs say of themselves. */
export const expectationsIn = (applied: AppliedPipelines | undefined): Expectations =>
  applied?.expectations ?? NOTHING_EXPECTED;

export interface ApplyPorts extends Omit<EvaluatePipelinePorts, 'expectations'> {
  readonly store: ObjectStore;
  /** Loaded when a file is applied: they are megabytes. */
  readonly holidays: () => Promise<Holidays>;
  /** Of pipelines for which the file names none. */
  readonly environment: string;
  /** Default: the file is read from the store each time. */
  readonly remembered?: RememberedPipelines | undefined;
}

/** Lets a file of pipelines hold from now on, and plans when each pipeline is looked at next. A file with a problem changes nothing. */
export async function applyPipelines(ports: ApplyPorts, text: string, now: Instant): Promise<Applied> {
  const { expectations, problems, warnings } = readPipelines(text, await ports.holidays());
  if (expectations === undefined) return { problems, warnings, watched: [] };
  const applied: AppliedPipelines = { applied_at: now, text, expectations };
  await ports.store.put(PIPELINES_KEY, JSON.stringify(applied));
  ports.remembered?.forget();
  const watched = distinctPipelines([
    ...namedPipelines(expectations, ports.environment),
    ...(await ports.watches.listWatches()),
  ]);
  for (const pipeline of watched) await evaluatePipeline({ ...ports, expectations }, pipeline, [], now);
  return { problems, warnings, watched };
}
