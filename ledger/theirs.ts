import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import { isInEnvironments, isWithin, type Limits } from '../core/token/limits.ts';

/** Whose a pipeline is now; null: it has no owner; undefined: there is no such pipeline. */
export type OwnerOf = (pipeline: PipelineKey) => Promise<string | null | undefined>;

/** What of the pipelines of a ledger is within limits. */
export interface Theirs {
  /** Whether a pipeline is theirs now. */
  has(pipeline: PipelineKey): Promise<boolean>;
  /** Those for which it is so, in their order. */
  filter<T>(things: readonly T[], isTheirs: (thing: T) => Promise<boolean>): Promise<readonly T[]>;
  /**
   * The latest of theirs of a list that is asked for its first few: in each environment of theirs more are asked for until
   * there are `limit`, or no more.
   */
  latest<T>(
    list: (environment: string | undefined, limit: number) => Promise<readonly T[]>,
    wanted: { readonly environment?: string | undefined; readonly limit: number },
    isTheirs: (thing: T) => Promise<boolean>,
    timeOf: (thing: T) => string,
  ): Promise<readonly T[]>;
  /** The environments to ask one by one: that of the filter, else each of the limits; undefined: all at once. */
  environmentsOf(filter: { readonly environment?: string | undefined }): readonly (string | undefined)[];
}

/** As far as a list is read for things of theirs. */
const MOST_READ = 20_000;
const FURTHER = 8;

export function theirsOf(limits: Limits, ownerOf: OwnerOf): Theirs {
  async function filter<T>(things: readonly T[], isTheirs: (thing: T) => Promise<boolean>): Promise<readonly T[]> {
    const kept: T[] = [];
    for (const thing of things) if (await isTheirs(thing)) kept.push(thing);
    return kept;
  }

  const environmentsOf: Theirs['environmentsOf'] = ({ environment }) =>
    environment === undefined
      ? (limits.environments ?? [undefined])
      : [environment].filter((each) => isInEnvironments(limits, each));

  return {
    has: async (pipeline) =>
      isInEnvironments(limits, pipeline.environment) &&
      (limits.owners === undefined || isWithin(limits, pipeline, await ownerOf(pipeline))),
    filter,
    environmentsOf,
    async latest(list, { environment, limit }, isTheirs, timeOf) {
      const found = await Promise.all(
        environmentsOf({ environment }).map(async (each) => {
          for (let asked = limit; ; asked = Math.min(asked * FURTHER, MOST_READ)) {
            const all = await list(each, asked);
            const theirs = await filter(all, isTheirs);
            if (theirs.length >= limit || all.length < asked || asked >= MOST_READ) return theirs;
          }
        }),
      );
      return found
        .flat()
        .sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : timeOf(a) > timeOf(b) ? -1 : 0))
        .slice(0, limit);
    },
  };
}
