import * as z from 'zod';
import { PIPELINES_KEY } from '../core/object-keys.ts';
import type { AppliedPipelines } from '../core/pipelines/applied.ts';
import { type Expectations, NOTHING_EXPECTED } from '../core/pipelines/expectations.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { storedJson } from './stored-json.ts';

const appliedSchema = z.object({
  applied_at: z.string(),
  applied_by: z.string().optional(),
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
