import * as z from 'zod';
import { PIPELINES_KEY } from '../core/object-keys.ts';
import type { AppliedPipelines } from '../core/pipelines/applied.ts';
import { type Expectations, NOTHING_EXPECTED } from '../core/pipelines/expectations.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
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

/** What the applied file expects; of a ledger without one, nothing but what runs say of themselves. */
export const expectationsIn = (applied: AppliedPipelines | undefined): Expectations =>
  applied?.expectations ?? NOTHING_EXPECTED;
