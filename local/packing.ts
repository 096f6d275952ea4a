import { pack, plainObjects } from '../adapters/file-system/packed-file.ts';
import { dateOf, epochMsOf, instantOf } from '../core/instant.ts';
import { FOLDERS, rawFolder } from '../core/object-keys.ts';
import { unchanged } from '../core/objects/object-change.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';

/** Packs raw files once nothing is due to read them. */
export interface Packing {
  /** Packs some of the objects whose lines and runs are in the tables. Whether there may be more. */
  packSome(): Promise<boolean>;
}

/** A query waits for one call at most. */
const AT_ONCE = 16;

/**
 * Packs the raw objects of a folder once they are summarized; never one that is parked, for a person has to look at it.
 * It looks everywhere at first, and then where objects land: a ledger of years has hundreds of thousands of files.
 */
export function startPacking(
  { root, live, clock }: { readonly root: string; readonly live: LiveStore; readonly clock: Clock },
  onError: (error: unknown) => void,
): Packing {
  let known: string[] = [];
  let folders: readonly string[] = [FOLDERS.raw];
  const failed = new Set<string>();
  return {
    async packSome() {
      if (known.length === 0) {
        known = folders.flatMap((folder) => plainObjects(root, folder)).filter((object) => !failed.has(object));
        folders = recentFolders(clock);
      }
      const records = await live.changeObjects(known.splice(0, AT_ONCE), unchanged);
      let packed = 0;
      for (const { object, stage } of records) {
        if (stage !== 'summarized') continue;
        try {
          if (await pack(root, object)) packed += 1;
        } catch (error) {
          failed.add(object);
          onError(error);
        }
      }
      return packed > 0 || known.length > 0;
    },
  };
}

const DAY_MS = 86_400_000;

/** Of yesterday and today, without the slash at the end. */
const recentFolders = (clock: Clock): readonly string[] => {
  const now = clock.now();
  return [instantOf(epochMsOf(now) - DAY_MS), now].map((at) => rawFolder(dateOf(at)).slice(0, -1));
};
